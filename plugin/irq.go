package plugin

import (
	"os"
	"path/filepath"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// sysNet is where sysfs shows the links of the process's own namespace.
const sysNet = "/sys/class/net"

// irqCount returns how many interrupts the device of a link's event has, 0
// for none (sysfs-bus-pci, msi_irqs). No message says so.
func irqCount(e *event.Event) int64 {
	name := interfaceOf(&e.New)
	if name == "" || e.Action == event.Delete || filepath.Base(name) != name {
		return 0
	}
	entries, err := os.ReadDir(filepath.Join(sysNet, name, "device", "msi_irqs"))
	if err != nil {
		return 0 // not a PCI device
	}
	return int64(len(entries))
}

var interfaceField = func() (at [rtnl.NumObjects]int) {
	for o := range at {
		at[o] = -1
		for i, f := range event.Fields(rtnl.Object(o)) {
			if f.Name == "interface" {
				at[o] = i
			}
		}
	}
	return at
}()

// interfaceOf returns the name of an object's link, empty if it has none.
func interfaceOf(v *event.View) string {
	if i := interfaceField[v.Object]; i >= 0 && !v.OnNoLink() {
		return v.Value(i).Str
	}
	return ""
}

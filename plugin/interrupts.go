package plugin

import (
	"os"
	"path/filepath"

	"telegraf-rtnetlink/plugin/internal/event"
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

package format

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/history"
)

// Order returns what to sort objects of a class by.
func Order(o *history.Object) string {
	var b []byte
	switch o.Class {
	case "link":
		b = number(b, o, "ifindex")
	case "address":
		b = address(text(number(b, o, "ifindex"), o, "family"), o, "local")
	case "route":
		b = text(b, o, "family")
		b = table(b, o.Text("table"))
		b = number(address(b, o, "dst"), o, "metric")
	case "neighbor":
		b = text(address(text(number(b, o, "ifindex"), o, "family"), o, "dst"), o, "lladdr")
	case "rule":
		b = number(text(b, o, "family"), o, "priority")
	case "nexthop":
		b = number(b, o, "id")
	default:
		b = text(number(b, o, "ifindex"), o, "interface")
		for i := range o.Cells {
			b = append(o.Cells[i].AppendText(b), 0)
		}
	}
	return string(binary.BigEndian.AppendUint64(b, o.Key))
}

// table puts main first.
func table(b []byte, name string) []byte {
	if name == "main" {
		return append(b, 0)
	}
	return append(append(b, name...), 0)
}

func text(b []byte, o *history.Object, field string) []byte {
	return append(append(b, o.Text(field)...), 0)
}

func number(b []byte, o *history.Object, field string) []byte {
	c, _ := o.Cell(field)
	return binary.BigEndian.AppendUint64(b, uint64(c.Num))
}

// address sorts prefixes by address, the shorter first; default comes before all.
func address(b []byte, o *history.Object, field string) []byte {
	s := o.Text(field)
	if p, err := netip.ParsePrefix(s); err == nil {
		return append(append(append(b, 1), p.Addr().AsSlice()...), byte(p.Bits()))
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return append(append(append(b, 1), a.AsSlice()...), byte(a.BitLen()))
	}
	return append(append(append(b, 0), s...), 0)
}

// Sorted returns the objects of a scope's class that keep wants, in order, by
// key: [history.Scope.Get] returns them.
func Sorted(c *history.Scope, class string, keep func(*history.Object) bool) []uint64 {
	type entry struct {
		order string
		key   uint64
	}
	var list []entry
	c.Objects(class, func(o *history.Object) {
		if keep(o) {
			list = append(list, entry{Order(o), o.Key})
		}
	})
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.order, b.order) })
	keys := make([]uint64, len(list))
	for i, e := range list {
		keys[i] = e.key
	}
	return keys
}

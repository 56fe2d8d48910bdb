package event

import (
	"maps"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// TableIDs returns the routing tables called name, by a built-in name, one that
// LoadNames read, or a number, in the order of their numbers: a name may stand
// for several. It is empty where there is none.
func TableIDs(name string) []uint32 { return idsOf(name, names.Load().table.all, 1<<32-1) }

// TableNames lists the named routing tables in the order of their numbers, each once.
func TableNames() []string { return inOrder(names.Load().table.all) }

// ProtocolIDs returns the route protocols called name, like TableIDs: FRR calls
// its own "static", which the kernel has another of.
func ProtocolIDs(name string) (list []uint8) {
	for _, id := range idsOf(name, names.Load().protocol.all, 1<<8-1) {
		list = append(list, uint8(id))
	}
	return list
}

// ProtocolNames lists the named route protocols in the order of their numbers, each once.
func ProtocolNames() []string { return inOrder(names.Load().protocol.all) }

// configurable are the address families that objects can be selected by.
var configurable = []uint8{unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE, unix.AF_MPLS, rtnl.IPMR, rtnl.IP6MR}

// FamilyID returns the address family (AF_*) that tags spell as name.
func FamilyID(name string) (id uint8, ok bool) {
	for _, id := range configurable {
		if familyName(id) == name {
			return id, true
		}
	}
	return 0, false
}

// FamilyName returns how tags spell an address family (AF_*).
func FamilyName(id uint8) string { return familyName(id) }

// FamilyNames lists the names that FamilyID takes.
func FamilyNames() []string {
	list := make([]string, len(configurable))
	for i, id := range configurable {
		list[i] = familyName(id)
	}
	return list
}

// idsOf returns the numbers up to limit that have a name; failing that, the
// number that it is.
func idsOf(name string, in idNames, limit uint32) (list []uint32) {
	for id, n := range in {
		if n == name && id <= limit {
			list = append(list, id)
		}
	}
	if len(list) > 0 {
		slices.Sort(list)
		return list
	}
	if id, err := parseID(name); err == nil && id <= limit {
		list = append(list, id)
	}
	return list
}

func inOrder(n idNames) []string {
	list := make([]string, 0, len(n))
	for _, id := range slices.Sorted(maps.Keys(n)) {
		if !slices.Contains(list, n[id]) {
			list = append(list, n[id])
		}
	}
	return list
}

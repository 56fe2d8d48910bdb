package event

import (
	"maps"
	"slices"

	"golang.org/x/sys/unix"
)

// TableID returns the routing table called name, by a built-in name, one that
// LoadNames read, or its number.
func TableID(name string) (id uint32, ok bool) { return idOf(name, names.Load().table.all) }

// TableNames lists the named routing tables in the order of their numbers.
func TableNames() []string { return inOrder(names.Load().table.all) }

// ProtocolID returns the route protocol called name, like TableID.
func ProtocolID(name string) (id uint8, ok bool) {
	n, ok := idOf(name, names.Load().protocol.all)
	return uint8(n), ok && n <= 255
}

// ProtocolNames lists the named route protocols in the order of their numbers.
func ProtocolNames() []string { return inOrder(names.Load().protocol.all) }

// configurable are the address families that objects can be selected by.
var configurable = []uint8{unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE, unix.AF_MPLS}

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

func idOf(name string, in idNames) (uint32, bool) {
	for id, n := range in {
		if n == name {
			return id, true
		}
	}
	id, err := parseID(name)
	return id, err == nil
}

func inOrder(n idNames) []string {
	list := make([]string, 0, len(n))
	for _, id := range slices.Sorted(maps.Keys(n)) {
		list = append(list, n[id])
	}
	return list
}

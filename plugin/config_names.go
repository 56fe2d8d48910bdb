package plugin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// names is an enumeration of the kernel's whose values have words. A value
// without a word is written as a number between min and the largest T, unless
// closed is set.
type names[T uint8 | uint32] struct {
	words  []name[T]
	min    T
	closed bool
}

type name[T uint8 | uint32] struct {
	word  string
	value T
}

// The words are those that iproute2 knows without its files (rtnetlink(7),
// iproute2 lib/rt_names.c); the table and protocol tags use the same.
var (
	tableNames = names[uint32]{min: 1, words: []name[uint32]{
		{"default", unix.RT_TABLE_DEFAULT}, {"main", unix.RT_TABLE_MAIN}, {"local", unix.RT_TABLE_LOCAL},
	}}
	protocolNames = names[uint8]{words: []name[uint8]{
		{"unspec", unix.RTPROT_UNSPEC}, {"redirect", unix.RTPROT_REDIRECT}, {"kernel", unix.RTPROT_KERNEL},
		{"boot", unix.RTPROT_BOOT}, {"static", unix.RTPROT_STATIC}, {"gated", unix.RTPROT_GATED},
		{"ra", unix.RTPROT_RA}, {"mrt", unix.RTPROT_MRT}, {"zebra", unix.RTPROT_ZEBRA},
		{"bird", unix.RTPROT_BIRD}, {"dnrouted", unix.RTPROT_DNROUTED}, {"xorp", unix.RTPROT_XORP},
		{"ntk", unix.RTPROT_NTK}, {"dhcp", unix.RTPROT_DHCP}, {"keepalived", unix.RTPROT_KEEPALIVED},
		{"babel", unix.RTPROT_BABEL}, {"ovn", unix.RTPROT_OVN}, {"openr", unix.RTPROT_OPENR},
		{"bgp", unix.RTPROT_BGP}, {"isis", unix.RTPROT_ISIS}, {"ospf", unix.RTPROT_OSPF},
		{"rip", unix.RTPROT_RIP}, {"eigrp", unix.RTPROT_EIGRP},
	}}
	familyNames = names[uint8]{closed: true, words: []name[uint8]{
		{"inet", unix.AF_INET}, {"inet6", unix.AF_INET6}, {"bridge", unix.AF_BRIDGE}, {"mpls", unix.AF_MPLS},
	}}
)

// parse returns the value that text stands for.
func (n names[T]) parse(text string) (T, bool) {
	for _, w := range n.words {
		if w.word == text {
			return w.value, true
		}
	}
	v, err := strconv.ParseUint(text, 10, 32)
	return T(v), err == nil && !n.closed && uint64(T(v)) == v && T(v) >= n.min
}

// choices lists what parse takes.
func (n names[T]) choices() string {
	words := make([]string, 0, len(n.words)+1)
	for _, w := range n.words {
		words = append(words, w.word)
	}
	if !n.closed {
		words = append(words, fmt.Sprintf("a number from %d to %d", n.min, ^T(0)))
	}
	return strings.Join(words, ", ")
}

// parseAll resolves the list of option key, without duplicates.
func parseAll[T uint8 | uint32](key string, list []string, n names[T]) ([]T, error) {
	var out []T
	for _, text := range list {
		v, ok := n.parse(text)
		if !ok {
			return nil, unknownValue(key, text, n.choices())
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// objectNames lists the classes in the order in which the manual does.
func objectNames() []string {
	return []string{"link", "address", "route", "neighbor", "rule", "nexthop"}
}

func parseObjects(key string, list []string) (set objectSet, err error) {
	for _, text := range list {
		o, ok := rtnl.ParseObject(text)
		if !ok {
			return 0, unknownValue(key, text, strings.Join(objectNames(), ", "))
		}
		set |= 1 << o
	}
	return set, nil
}

func unknownValue(key, value, choices string) error {
	return fmt.Errorf("%s: unknown value %q (choices: %s)", key, value, choices)
}

package event

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Spelling is how a field spells what a filter asks for.
type Spelling struct {
	Text string
	// Family is set where Text stands for one of two things: "0.0.0.0/0" is
	// the default of family inet, "::/0" that of inet6.
	Family string
}

// Speller returns how a field spells a word: the same prefix or address
// written otherwise, the name of a number. The error says in one line what the
// field can be. Speller returns nil for fields that may be any text.
func Speller(o rtnl.Object, field string) func(word string) (Spelling, error) {
	if spell := spellers[o][field]; spell != nil {
		return spell
	}
	return commonSpellers[field]
}

// commonSpellers are of the fields that mean the same in every class.
var commonSpellers = map[string]func(string) (Spelling, error){
	"table":            named("routing table", "/etc/iproute2/rt_tables", 0xffffffff, func(t *nameTables) *nameTable { return &t.table }),
	"protocol":         named("protocol", "/etc/iproute2/rt_protos", 255, func(t *nameTables) *nameTable { return &t.protocol }),
	"scope":            named("scope", "/etc/iproute2/rt_scopes", 255, func(t *nameTables) *nameTable { return &t.scope }),
	"suppress_ifgroup": named("group", "/etc/iproute2/group", 0xffffffff, groupNames),
	"interface":        spellLink, "master": spellLink, "link": spellLink, "iif": spellLink, "oif": spellLink,
	"gateway": spellAddr, "prefsrc": spellAddr,
}

func groupNames(t *nameTables) *nameTable { return &t.group }

// spellers are of the fields that are special in a class.
var spellers = [rtnl.NumObjects]map[string]func(string) (Spelling, error){
	rtnl.Link: {
		"address": spellHardware, "broadcast": spellHardware, "permaddr": spellHardware,
		"group": named("group", "/etc/iproute2/group", 0xffffffff, groupNames),
		"flags": spellFlags(linkFlagBits, "NO-CARRIER", "M-DOWN"),
		"local": spellAddr, "remote": spellAddr, "vlan_flags": spellFlags(vlanFlagBits),
	},
	rtnl.Address: {
		"local": spellAddr, "address": spellAddr, "broadcast": spellAddr,
		"protocol": named("protocol", "/etc/iproute2/rt_addrprotos", 255, func(t *nameTables) *nameTable { return &t.addrProtocol }),
		"flags":    spellFlags(addrFlagBits, "temporary"),
	},
	rtnl.Route:   {"dst": spellPrefix("default"), "src": spellPrefix(""), "flags": spellFlags(routeFlagBits)},
	rtnl.Nexthop: {"flags": spellFlags(routeFlagBits), "group": spellMembers},
	rtnl.Rule: {
		"src": spellPrefix("all"), "dst": spellPrefix(""),
		"sport": spellPorts, "dport": spellPorts, "uid_range": spellUsers,
		"fwmark": spellHex(32), "fwmask": spellHex(32), "dscp_mask": spellHex(8),
	},
	rtnl.Neighbor: {"dst": spellAddr, "lladdr": spellHardware, "flags": spellFlags(slices.Concat(neighborFlagBits, forwardingFlagBits))},
	rtnl.MDB:      {"flags": spellFlags(mdbFlagBits), "group": spellHardware, "src": spellAddr},
	rtnl.VLAN:     {"flags": spellFlags(bridgeVLANBits)},
}

// named spells numbers up to most that an administrator may give names to.
func named(what, file string, most uint64, table func(*nameTables) *nameTable) func(string) (Spelling, error) {
	return func(word string) (Spelling, error) {
		t := table(names.Load())
		for _, name := range t.all {
			if name == word {
				return Spelling{Text: word}, nil
			}
		}
		if id, err := parseID(word); err == nil && uint64(id) <= most {
			return Spelling{Text: t.name(id)}, nil
		}
		return Spelling{}, fmt.Errorf("%s has no %s of that name; there are: %s, and numbers up to %d",
			file, what, strings.Join(inOrder(t.all), ", "), most)
	}
}

// maxLinkName is IFNAMSIZ (uapi/linux/if.h) without the zero byte.
const maxLinkName = 15

func spellLink(word string) (Spelling, error) {
	if len(word) > maxLinkName || strings.ContainsAny(word, "/ \t\n") {
		return Spelling{}, fmt.Errorf("a link's name has at most %d bytes, and no slash or space", maxLinkName)
	}
	return Spelling{Text: word}, nil
}

func spellAddr(word string) (Spelling, error) {
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimSuffix(word, "/32"), "/128"))
	if err != nil || a.Zone() != "" {
		if p, err := netip.ParsePrefix(word); err == nil {
			return Spelling{}, fmt.Errorf(`it is an address; for those in a prefix write within = {field = %q}`, p.Masked())
		}
		return Spelling{}, fmt.Errorf(`it is an address such as "192.0.2.1" or "2001:db8::1"`)
	}
	return Spelling{Text: formatAddr(a.AsSlice())}, nil
}

// spellPrefix spells prefixes; whole is the word for those of length 0, empty
// where the field is absent then.
func spellPrefix(whole string) func(string) (Spelling, error) {
	return func(word string) (Spelling, error) {
		if word == whole {
			return Spelling{Text: word}, nil
		}
		if a, err := netip.ParseAddr(word); err == nil && a.Zone() == "" {
			return Spelling{Text: formatAddr(a.AsSlice())}, nil
		}
		if isLabel(word) {
			return Spelling{Text: word}, nil
		}
		p, err := netip.ParsePrefix(word)
		switch {
		case err != nil:
			return Spelling{}, fmt.Errorf(`it is a prefix such as "192.0.2.0/24", an address for one of full length%s`, orWord(whole))
		case p != p.Masked():
			return Spelling{}, fmt.Errorf("bits are set behind the prefix's length; the kernel has %q", p.Masked())
		case p.Bits() == 0 && whole == "":
			return Spelling{}, fmt.Errorf("it is absent for any; write = false")
		case p.Bits() == 0 && p.Addr().Is4():
			return Spelling{whole, "inet"}, nil
		case p.Bits() == 0:
			return Spelling{whole, "inet6"}, nil
		}
		return Spelling{Text: formatPrefix(p.Addr().AsSlice(), uint8(p.Bits()))}, nil
	}
}

func orWord(whole string) string {
	if whole == "" {
		return ""
	}
	return fmt.Sprintf(", or %q", whole)
}

// isLabel reports whether word is an MPLS label, the destination of a route of
// that family (RFC 3032: 20 bits).
func isLabel(word string) bool {
	n, err := strconv.ParseUint(word, 10, 32)
	return err == nil && n < 1<<20
}

func spellHardware(word string) (Spelling, error) {
	if mac, err := net.ParseMAC(word); err == nil {
		return Spelling{Text: formatHardware(mac)}, nil
	}
	if a, err := netip.ParseAddr(word); err == nil && a.Zone() == "" { // of a tunnel
		return Spelling{Text: formatAddr(a.AsSlice())}, nil
	}
	if b, err := hex.DecodeString(strings.ReplaceAll(word, ":", "")); err == nil && len(word) == 3*len(b)-1 {
		return Spelling{Text: formatHardware(b)}, nil
	}
	return Spelling{}, fmt.Errorf(`it is a link-layer address such as "02:00:00:00:00:01", of a tunnel an IP address`)
}

// spellFlags spells the words of some bits; bits without a word are in hex.
func spellFlags(bits []bitWord, more ...string) func(string) (Spelling, error) {
	words := map[string]bool{}
	for _, b := range bits {
		words[b.word] = true
	}
	for _, w := range more {
		words[w] = true
	}
	return func(word string) (Spelling, error) {
		if words[word] {
			return Spelling{Text: word}, nil
		}
		if n, err := strconv.ParseUint(strings.TrimPrefix(word, "0x"), 16, 32); err == nil && n != 0 {
			return Spelling{Text: strconv.FormatUint(n, 16)}, nil
		}
		for w := range words {
			if strings.EqualFold(w, word) {
				return Spelling{Text: w}, nil
			}
		}
		return Spelling{}, fmt.Errorf("it is one of: %s", strings.Join(slices.Sorted(maps.Keys(words)), ", "))
	}
}

// spellHex spells numbers of so many bits as a field does that has them in hex.
func spellHex(bits int) func(string) (Spelling, error) {
	return func(word string) (Spelling, error) {
		n, err := strconv.ParseUint(word, 0, bits)
		if err != nil {
			return Spelling{}, fmt.Errorf(`it is a number of %d bits such as "0x10"`, bits)
		}
		return Spelling{Text: hexadecimal(uint32(n))}, nil
	}
}

// span reads "5" or "5-10", the lower number first.
func span(word string, bits int) (from, to uint64, ok bool) {
	low, high, both := strings.Cut(word, "-")
	if !both {
		high = low
	}
	from, err1 := strconv.ParseUint(low, 10, bits)
	to, err2 := strconv.ParseUint(high, 10, bits)
	return from, to, err1 == nil && err2 == nil && from <= to
}

func spellPorts(word string) (Spelling, error) {
	from, to, ok := span(word, 16)
	switch {
	case !ok:
		return Spelling{}, errors.New(`it is a port, or a range of ports such as "80-90" with the lower one first`)
	case from == to:
		return Spelling{Text: strconv.FormatUint(from, 10)}, nil
	}
	return Spelling{Text: fmt.Sprintf("%d-%d", from, to)}, nil
}

func spellUsers(word string) (Spelling, error) {
	from, to, ok := span(word, 32)
	if !ok {
		return Spelling{}, errors.New(`it is a range of users such as "1000-1999", the lower one first`)
	}
	return Spelling{Text: fmt.Sprintf("%d-%d", from, to)}, nil
}

// spellMembers spells the members of a group, which iproute2 joins by a slash and
// whose weight of 1 it leaves out.
func spellMembers(word string) (Spelling, error) {
	var members []string
	for m := range strings.FieldsFuncSeq(word, func(r rune) bool { return r == '/' || r == ';' }) {
		id, weight, weighs := strings.Cut(m, ",")
		if !weighs {
			weight = "1"
		}
		n, err1 := strconv.ParseUint(id, 10, 32)
		w, err2 := strconv.ParseUint(weight, 10, 17) // 16 bits, less 1
		if err1 != nil || err2 != nil || n == 0 || w == 0 || w > 1<<16 {
			members = nil
			break
		}
		members = append(members, fmt.Sprintf("%d,%d", n, w))
	}
	if members == nil {
		return Spelling{}, errors.New(`it is a list of objects and weights such as "1,5;2,1"`)
	}
	return Spelling{Text: strings.Join(members, ";")}, nil
}

package mirror

import (
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ruleClass is what the kernel does with rules, applied to a State.
type ruleClass struct{ *State }

var ruleRow = class{
	key: ruleKey, perKey: several, object: anyRule, canonical: asItComes,
	announced:  func(s *State, m rtnl.Message) { ruleClass{s}.newRule(m.Body) },
	deleted:    func(s *State, m rtnl.Message) { ruleClass{s}.delRule(m.Body) },
	counted:    uncounted, // rules name links by what they are called
	volatile:   noAttribute,
	fixed:      sameButFlags(rtnl.RuleFlags, ruleFlags),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.Rule),
	overtaken:  neverOvertaken,
	swept:      droppedFrom(rtnl.Rule),
	links:      noLinks,
	naming:     foundByNone,
	linkTurned: regardless,
	linkEnds:   staysWhenLinkEnds,
	extras:     extras{alike: anyObject},
}

// anyRule reports whether a rule is of IPv4 or IPv6, or of multicast routing, which
// has rules of its own where it has several tables (R43).
func anyRule(body []byte) bool { return ofIP(body) || rtnl.Multicast(rtnl.Family.Uint8(body)) }

// newRule applies RTM_NEWRULE. The same rule may exist more than once (R53).
func (s ruleClass) newRule(body []byte) {
	if !s.takes(rtnl.Rule, body) {
		return
	}
	l := s.tables[rtnl.Rule].Find(body)
	s.dump.touch(&l)
	s.doubtSeen(&l)
	s.add(rtnl.Rule, &l, l.Last(), body)
}

// delRule applies RTM_DELRULE.
func (s ruleClass) delRule(body []byte) {
	l := s.tables[rtnl.Rule].Find(body)
	s.doubtSeen(&l)
	s.remove(rtnl.Rule, body)
}

// doubtSeen is for an event about one of several equal objects: the dump under
// way may have shown the others, or this one too (R53).
func (s ruleClass) doubtSeen(l *objtable.List) {
	for r := l.Head; r != 0 && s.dump != nil; r = l.Next(r) {
		s.dump.inconclusive = s.dump.inconclusive || l.Flags(r)&flagSeen != 0
	}
}

// ruleFlags are the bits of fib_rule_hdr.flags that follow from the links and
// rules there are: FIB_RULE_UNRESOLVED, _IIF_DETACHED, _OIF_DETACHED.
const ruleFlags = 0x4 | 0x8 | 0x10

// ruleKey is the whole rule but for ruleFlags: equal rules can exist (R52).
func ruleKey(dst []byte, x *rtnl.Index) []byte {
	at := len(dst)
	dst = append(dst, x.Body...)
	clearBits(rtnl.RuleFlags.Bytes(dst[at:]), ruleFlags)
	if rtnl.BigEndian {
		swapRule(dst[at:])
	}
	return dst
}

// ruleNumbers are the attributes of rules that hold numbers in the machine's
// order, and how many bytes each number has.
var ruleNumbers = map[uint16]int{
	unix.FRA_GOTO: 4, unix.FRA_PRIORITY: 4, unix.FRA_FWMARK: 4, unix.FRA_FWMASK: 4, unix.FRA_FLOW: 4, unix.FRA_TABLE: 4,
	unix.FRA_SUPPRESS_IFGROUP: 4, unix.FRA_SUPPRESS_PREFIXLEN: 4, unix.FRA_UID_RANGE: 4,
	unix.FRA_SPORT_RANGE: 2, unix.FRA_DPORT_RANGE: 2,
}

// swapRule turns the numbers in a rule's bytes, those of the attributes' headers
// included, from one byte order into the other.
func swapRule(body []byte) {
	slices.Reverse(rtnl.RuleFlags.Bytes(body))
	for a := rtnl.AttrsOf(rtnl.Rule, body); ; {
		typ, p, rest, ok := a.Next()
		if !ok {
			return
		}
		slices.Reverse(a[0:2])
		slices.Reverse(a[2:4])
		for n := ruleNumbers[typ]; n > 0 && len(p) >= n; p = p[n:] {
			slices.Reverse(p[:n])
		}
		a = rest
	}
}

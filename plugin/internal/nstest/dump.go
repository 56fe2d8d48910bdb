package nstest

import (
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Filter narrows a strict dump: it changes the request's fixed structure and
// adds attributes.
type Filter func(header []byte, ae *netlink.AttributeEncoder)

// WithU32 asks for objects with an attribute: RTA_TABLE, RTA_OIF, NDA_IFINDEX,
// NDA_MASTER, NHA_OIF, IFLA_MASTER, IFLA_EXT_MASK, …
func WithU32(typ uint16, v uint32) Filter {
	return func(_ []byte, ae *netlink.AttributeEncoder) { ae.Uint32(typ, v) }
}

// WithByte sets a byte of the request's fixed structure, such as the protocol
// of struct rtmsg at 5 or the NTF_PROXY of struct ndmsg at 10.
func WithByte(offset int, v uint8) Filter {
	return func(header []byte, _ *netlink.AttributeEncoder) { header[offset] = v }
}

// headerLens is the size of the fixed structure by RTM_GET* type.
var headerLens = map[uint16]int{
	unix.RTM_GETLINK:    unix.SizeofIfInfomsg,
	unix.RTM_GETADDR:    unix.SizeofIfAddrmsg,
	unix.RTM_GETROUTE:   unix.SizeofRtMsg,
	unix.RTM_GETNEIGH:   unix.SizeofNdMsg,
	unix.RTM_GETRULE:    unix.SizeofRtMsg, // fib_rule_hdr is as long
	unix.RTM_GETNEXTHOP: 8,                // struct nhmsg
	unix.RTM_GETNETCONF: 4,                // struct netconfmsg, one byte
	unix.RTM_GETNSID:    4,                // struct rtgenmsg, one byte
	unix.RTM_GETMDB:     8,                // struct br_port_msg
	unix.RTM_GETVLAN:    8,                // struct br_vlan_msg
}

// Dump returns every message of a strict dump: typ is RTM_GETLINK,
// RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE, RTM_GETNEXTHOP,
// RTM_GETNETCONF, RTM_GETNSID, RTM_GETMDB or RTM_GETVLAN, family AF_UNSPEC,
// AF_INET, AF_INET6 or AF_BRIDGE. A dump that the kernel flags as interrupted is repeated; NLM_F_DUMP_FILTERED and its like remain in
// the messages' headers. It fails the test on errors.
func (ns *NS) Dump(typ uint16, family uint8, filters ...Filter) []netlink.Message {
	ns.t.Helper()
	messages, err := ns.TryDump(typ, family, filters...)
	if err != nil {
		ns.t.Fatalf("dump type %d family %d: %v", typ, family, err)
	}
	return messages
}

// dumpAttempts bounds how often an interrupted dump is repeated.
const dumpAttempts = 100

// TryDump is Dump returning the error.
func (c *Conn) TryDump(typ uint16, family uint8, filters ...Filter) ([]netlink.Message, error) {
	n, ok := headerLens[typ]
	if !ok {
		return nil, fmt.Errorf("no dump of message type %d", typ)
	}
	header, ae := make([]byte, n), netlink.NewAttributeEncoder()
	header[0] = family
	for _, f := range filters {
		f(header, ae)
	}
	attrs, err := ae.Encode()
	if err != nil {
		return nil, err
	}
	request := Request{Type: typ, Body: append(header, attrs...)}.message(netlink.Dump)
	for range dumpAttempts {
		messages, err := c.execute(request)
		if err != nil || !interrupted(messages) {
			return messages, err
		}
	}
	return nil, fmt.Errorf("%d dumps in a row interrupted by changes", dumpAttempts)
}

func interrupted(messages []netlink.Message) bool {
	for _, m := range messages {
		if m.Header.Flags&netlink.DumpInterrupted != 0 {
			return true
		}
	}
	return false
}

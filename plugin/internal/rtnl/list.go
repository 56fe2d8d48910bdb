package rtnl

import (
	"fmt"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// List asks for objects on a socket of its own and calls f with the body of
// each; bodies are good during the call. netns is the descriptor of a network
// namespace, 0 for the process's own. It is for what is not mirrored, such as
// the statistics of links. Any goroutine may call it.
func List(netns int, q Query, f func(body []byte)) error {
	m, err := q.encode(0) // with everything
	if err != nil {
		return err
	}
	return list(netns, m, func(data []byte) { eachObject(q.Object, data, f) })
}

// NeighborLimits returns, by address family, how many entries a table of
// neighbors can have: NDTA_THRESH3, the sysctl gc_thresh3 (arp(7)), which /proc
// shows in the first namespace only; all namespaces share them. netns is as for
// List, and any goroutine may call it. With an error it returns what it has got.
func NeighborLimits(netns int) (map[uint8]uint32, error) {
	const headerLen, thresh3 = 4, 4 // struct ndtmsg, NDTA_THRESH3 (uapi/linux/neighbour.h)
	limits := map[uint8]uint32{}
	request := netlink.Message{
		Header: netlink.Header{Type: unix.RTM_GETNEIGHTBL, Flags: netlink.Request | netlink.Dump},
		Data:   make([]byte, headerLen),
	}
	return limits, list(netns, request, func(data []byte) {
		eachMessage(data, func(m Message) {
			if m.Type != unix.RTM_NEWNEIGHTBL || len(m.Body) < headerLen {
				return
			}
			if b := Attrs(m.Body[headerLen:]).Get(thresh3); b != nil {
				limits[m.Body[0]] = Uint32(b)
			}
		})
	})
}

// list sends a request for a dump and calls f with the datagrams of the answer.
func list(netns int, m netlink.Message, f func(data []byte)) error {
	conn, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: netns, Strict: true, MessageBufferSize: chunkSize})
	if err != nil {
		return fmt.Errorf("rtnl: open query socket: %w", err)
	}
	c := &Conn{query: conn, recv: recv, patience: answerTimeout, queue: NewQueue(0)}
	defer c.closeSockets()
	_, err = c.roundTrip(m, func(data []byte) bool {
		f(data)
		return true
	})
	return err
}

// eachObject calls f for the objects of class o in a datagram that is known to
// be whole messages.
func eachObject(o Object, data []byte, f func([]byte)) {
	eachMessage(data, func(m Message) {
		if have, del, ok := ObjectOf(m.Type); ok && !del && have == o && len(m.Body) >= o.HeaderLen() {
			f(m.Body)
		}
	})
}

// eachMessage calls f for the messages of such a datagram.
func eachMessage(data []byte, f func(Message)) {
	for len(data) > 0 {
		m, rest, err := Next(data)
		if err != nil {
			return
		}
		f(m)
		data = rest
	}
}

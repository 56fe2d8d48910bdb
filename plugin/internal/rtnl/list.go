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
	conn, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: netns, Strict: true, MessageBufferSize: chunkSize})
	if err != nil {
		return fmt.Errorf("rtnl: open query socket: %w", err)
	}
	c := &Conn{query: conn, recv: recv, patience: answerTimeout, queue: NewQueue(0)}
	defer c.closeSockets()
	m, err := q.request()
	if err != nil {
		return err
	}
	_, err = c.roundTrip(m, func(data []byte) bool {
		eachObject(q.Object, data, f)
		return true
	})
	return err
}

// eachObject calls f for the objects of class o in a datagram that is known to
// be whole messages.
func eachObject(o Object, data []byte, f func([]byte)) {
	for len(data) > 0 {
		m, rest, err := Next(data)
		if err != nil {
			return
		}
		if have, del, ok := ObjectOf(m.Type); ok && !del && have == o && len(m.Body) >= o.HeaderLen() {
			f(m.Body)
		}
		data = rest
	}
}

package mirror

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// This file and model_*_test.go are a kernel made of plain maps and slices:
// slow and obvious. It does what requests ask for, writes the messages that the
// real one would write, and keeps silent where that does.

// choices decide what a run does. They come from a finite string of bytes, so
// that a fuzzer can vary them; behind its end every choice is 0.
type choices struct{ left []byte }

func (c *choices) over() bool { return len(c.left) == 0 }

// n returns a number below limit, which is 256 at most.
func (c *choices) n(limit int) int {
	if c.over() {
		return 0
	}
	b := c.left[0]
	c.left = c.left[1:]
	return int(b) % limit
}

// oneIn is true once in so many times.
func (c *choices) oneIn(times int) bool { return c.n(times) == times-1 }

// pick returns one of the elements, the zero value if there is none.
func pickOf[T any](c *choices, from []T) (zero T) {
	if len(from) == 0 {
		return zero
	}
	return from[c.n(len(from))]
}

// kernel is the model.
type kernel struct {
	*choices
	links     map[uint32]*modelLink
	addresses []*modelAddress
	routes    map[string][]*routeSpec // by list; of IPv6 groups every member is one
	nexthops  map[uint32]*modelNexthop
	rules     []*modelRule
	neighbors map[string]*modelNeighbor

	log     []rtnl.Message // sent, and not read yet
	pid     uint32
	seq     uint32
	pending []func() // what the kernel has announced, and is about to do
	// changed counts what happens to the objects of a class and family. A dump
	// during which nothing does is exact.
	changed map[rtnl.Query]int
	trace   []string // what was done, for a failure's log

	// Sysctls.
	compat     bool // net.ipv4.nexthop_compat_mode: routes repeat their nexthop object
	skipNotify bool // net.ipv6.route.skip_notify_on_dev_down
}

// newKernel returns one with three links that are up and have an address each.
func newKernel(c *choices) *kernel {
	k := &kernel{
		choices: c, links: map[uint32]*modelLink{}, routes: map[string][]*routeSpec{},
		nexthops: map[uint32]*modelNexthop{}, neighbors: map[string]*modelNeighbor{}, changed: map[rtnl.Query]int{},
		compat: !c.oneIn(3), skipNotify: c.oneIn(3),
	}
	for i := range uint32(3) {
		k.links[1+i] = &modelLink{index: 1 + i, name: string(rune('a' + i)), kind: "dummy", mtu: 1500, up: true, carrier: true, ups: 1, downs: 1}
		k.addresses = append(k.addresses, &modelAddress{index: 1 + i, local: netip.PrefixFrom(localAddr(unix.AF_INET, int(i)), 24), lifetime: 1<<32 - 1})
	}
	return k
}

// send queues a message and counts the change.
func (k *kernel) send(o rtnl.Object, del bool, flags uint16, body []byte) {
	m := created(o, flags, body)
	if del {
		m = removed(o, body)
	}
	m.PID, m.Seq = k.pid, k.seq
	k.log = append(k.log, m)
	k.touch(o, body[0])
}

// touch counts a change that may be silent.
func (k *kernel) touch(o rtnl.Object, family uint8) {
	if o == rtnl.Link || o == rtnl.Nexthop {
		family = unix.AF_UNSPEC
	}
	k.changed[rtnl.Query{Object: o, Family: family}]++
}

// request begins something that takes the RTNL lock: what was announced before
// is done by then.
func (k *kernel) request(pid uint32) {
	k.catchUp()
	k.pid = pid
	k.seq++
}

// catchUp does what is pending.
func (k *kernel) catchUp() {
	for len(k.pending) > 0 {
		do := k.pending[0]
		k.pending = k.pending[1:]
		do()
	}
}

// later announces now and does the rest when the kernel gets there.
func (k *kernel) later(do func()) { k.pending = append(k.pending, do) }

// user is the port of whoever makes requests.
const user = 4711

// step does one random thing.
func (k *kernel) step() {
	k.request(user)
	ops := []func(){
		k.addRoute, k.addRoute, k.addRoute, k.addRoute, k.addRoute, k.addRoute, k.addRoute, k.addRoute,
		k.delRoute, k.delRoute, k.delRoute, k.delRoute, k.advertise,
		k.addLink, k.setLink, k.setLink, k.carrierLink, k.changeLink, k.delLink, k.noise,
		k.addAddress, k.addAddress, k.delAddress,
		k.addNexthop, k.addNexthop, k.delNexthop,
		k.addRule, k.delRule, k.addNeighbor, k.addNeighbor, k.silentNeighbor, k.delNeighbor,
		k.enslave, k.learn, k.learn, k.forget, k.tunnel,
	}
	ops[k.n(len(ops))]()
}

func (k *kernel) note(format string) { k.trace = append(k.trace, format) }

package nstest

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// object is a class of commands: the message types that make and delete its
// objects, and the parser of the words behind the verb.
type object struct {
	make, del uint16
	parse     func(*args, *Request)
}

var objects = map[string]object{
	"link":    {unix.RTM_NEWLINK, unix.RTM_DELLINK, parseLink},
	"addr":    {unix.RTM_NEWADDR, unix.RTM_DELADDR, parseAddress},
	"route":   {unix.RTM_NEWROUTE, unix.RTM_DELROUTE, parseRoute},
	"nexthop": {unix.RTM_NEWNEXTHOP, unix.RTM_DELNEXTHOP, parseNexthop},
	"rule":    {unix.RTM_NEWRULE, unix.RTM_DELRULE, parseRule},
	"mrule":   {unix.RTM_NEWRULE, unix.RTM_DELRULE, parseMulticastRule},
	"neigh":   {unix.RTM_NEWNEIGH, unix.RTM_DELNEIGH, parseNeighbor},
	"fdb":     {unix.RTM_NEWNEIGH, unix.RTM_DELNEIGH, parseFDB},
	"brport":  {unix.RTM_SETLINK, unix.RTM_SETLINK, parseBridgePort},
}

// verbs gives the header flags of each verb, as ip(8) sends them. "dup" is
// "add" without NLM_F_EXCL, which lets a rule exist twice.
var verbs = map[string]uint16{
	"add":     unix.NLM_F_CREATE | unix.NLM_F_EXCL,
	"append":  unix.NLM_F_CREATE | unix.NLM_F_APPEND,
	"prepend": unix.NLM_F_CREATE,
	"dup":     unix.NLM_F_CREATE,
	"replace": unix.NLM_F_CREATE | unix.NLM_F_REPLACE,
	"change":  unix.NLM_F_REPLACE,
	"set":     0,
	"del":     0,
}

// Run executes commands one after the other and fails the test at the first
// that the kernel refuses.
func (ns *NS) Run(commands ...string) {
	ns.t.Helper()
	if err := ns.Try(commands...); err != nil {
		ns.t.Fatal(err)
	}
}

// Try executes commands one after the other up to the first that fails, and
// returns its error, which names the command and wraps the kernel's errno.
//
// A command reads as the line that ip(8) takes after "ip", with nothing
// abbreviated and devices introduced by "dev" where ip lets that go:
//
//	[-4|-6] link|addr|route|nexthop|rule|mrule|neigh VERB …
//
// "fdb VERB …" stands for "bridge fdb VERB …", and "brport set dev DEV …" for
// "bridge link set dev DEV …". A device may also be given as "#7", its index.
func (c *Conn) Try(commands ...string) error {
	for _, line := range commands {
		r, err := c.Compile(line)
		if err == nil {
			err = c.Do(r)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return nil
}

// Compile turns a command into the request that Try would send. Names of
// devices are looked up now.
func (c *Conn) Compile(line string) (Request, error) {
	a := &args{conn: c, words: strings.Fields(line)}
	a.family = a.leadingFamily()
	name := a.next()
	o, ok := objects[name]
	if !ok {
		return Request{}, fmt.Errorf("unknown object %q", name)
	}
	a.verb = a.next()
	flags, ok := verbs[a.verb]
	if !ok {
		return Request{}, fmt.Errorf("unknown verb %q", a.verb)
	}
	r := Request{Type: o.make, Flags: flags}
	if a.verb == "del" {
		r.Type = o.del
	}
	o.parse(a, &r)
	return r, a.err
}

// leadingFamily reads an optional -4 or -6.
func (a *args) leadingFamily() uint8 {
	switch {
	case a.skip("-4"):
		return unix.AF_INET
	case a.skip("-6"):
		return unix.AF_INET6
	}
	return unix.AF_UNSPEC
}

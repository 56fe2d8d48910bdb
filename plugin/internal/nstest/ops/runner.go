package ops

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// Runner executes operations in a namespace and a second one, to which links
// move and from which they return.
type Runner struct {
	home, away *nstest.NS
	netns      *strings.Replacer
}

// NewRunner returns a Runner for ns that lives as long as t.
func NewRunner(t testing.TB, ns *nstest.NS) *Runner {
	t.Helper()
	away := nstest.New(t)
	return &Runner{home: ns, away: away, netns: strings.NewReplacer(
		"#away", fmt.Sprintf("#%d", away.FD()),
		"#home", fmt.Sprintf("#%d", ns.FD()),
	)}
}

// Do executes one operation: a command of nstest.Conn.Try, or one of
//
//	sysctl KEY VALUE
//	frame DEV MAC      send a frame from MAC out of DEV
//	datagram ADDR      send a UDP datagram to ADDR
//	swap DEV DEV       exchange the names of two links
//
// "@away" before it means in the second namespace, and "netns #away" and
// "netns #home" name the two.
func (r *Runner) Do(line string) error {
	ns := r.home
	line, away := strings.CutPrefix(line, "@away ")
	if away {
		ns = r.away
	}
	words := strings.Fields(line)
	if len(words) < 2 || len(words) > 3 {
		return ns.Try(r.netns.Replace(line))
	}
	switch words[0] {
	case "sysctl":
		return ns.TrySysctl(words[1], words[2])
	case "frame":
		mac, err := net.ParseMAC(words[2])
		return errors.Join(err, ns.TryFrame(words[1], mac))
	case "swap":
		return swap(ns, words[1], words[2])
	case "datagram":
		to, err := netip.ParseAddr(words[1])
		return errors.Join(err, ns.TryDatagram(to))
	}
	return ns.Try(r.netns.Replace(line))
}

// swap exchanges the names of two links, or leaves both as they are.
func swap(ns *nstest.NS, a, b string) error {
	rename := func(from, to string) error { return ns.Try("link set dev " + from + " name " + to) }
	const between = "swapped"
	if err := rename(a, between); err != nil {
		return err
	}
	if err := rename(b, a); err != nil {
		return errors.Join(err, rename(between, a))
	}
	return rename(between, b)
}

package e2e

import (
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// busyTime lets everything happen that the dashboard shows: links that come,
// flap and go, routes of several protocols, a default route that changes its
// gateway and one that is lost, neighbors that answer and one that does not.
func busyTime(t *testing.T, length time.Duration) {
	t.Helper()
	for i, name := range []string{"uplink", "lan", "guest"} {
		batch(t, []string{
			fmt.Sprintf("link add %s type veth peer name %s-peer", name, name),
			fmt.Sprintf("address add 192.0.%d.1/24 dev %s", 2+i, name),
			fmt.Sprintf("link set %s up", name),
			fmt.Sprintf("link set %s-peer up", name),
		})
		t.Cleanup(func() { ip(t, "link", "del", name) })
	}
	conn, err := net.Dial("udp", "192.0.3.77:9")
	require.NoError(t, err)
	defer conn.Close()
	rounds := int(length / time.Second)
	for round := range rounds {
		next := time.After(time.Second)
		_, _ = conn.Write([]byte("anyone?")) // nobody answers: the neighbor fails
		batch(t, routesOfRound(round, rounds))
		batch(t, linksOfRound(round, rounds))
		<-next
	}
	// At the end one link has lost its carrier, and two samples say so.
	ip(t, "link", "set", "guest-peer", "down")
	time.Sleep(2 * time.Second)
}

// routesOfRound lets BGP routes grow, then shrink to a few, and replaces the
// default route in the middle.
func routesOfRound(round, rounds int) []string {
	var commands []string
	add := func(format string, args ...any) { commands = append(commands, fmt.Sprintf(format, args...)) }
	add("route replace 172.16.%d.0/24 via 192.0.3.2 proto static", round%16)
	add("neighbor replace 192.0.3.%d lladdr 02:00:00:00:00:%02x dev lan nud reachable", 10+round%7, round)
	switch round {
	case 0:
		add("route add ::/0 dev lan")
	case rounds * 3 / 4:
		add("route del ::/0 dev lan")
	}
	if round == 0 || round == rounds/2 {
		add("route replace default via 192.0.2.%d", 2+min(round, 1))
	}
	const perRound = 20
	for i := range perRound {
		n := round*perRound + i
		dst := func(n int) string { return fmt.Sprintf("10.%d.%d.0/24", n/256, n%256) }
		switch {
		case round < rounds/2:
			add("route add %s via 192.0.2.%d proto bgp", dst(n), 2+i%2)
		case round > rounds*3/4 && (round-1)%2 == 0:
			add("route del %s", dst(n-rounds/2*perRound))
		case i%4 == 0:
			add("route replace %s via 192.0.2.4 proto bgp", dst(n-rounds/2*perRound))
		}
	}
	return commands
}

// linksOfRound lets one link flap, takes another down for a while and has a
// third come and go.
func linksOfRound(round, rounds int) []string {
	state := map[bool]string{true: "up", false: "down"}
	switch {
	case round%3 == 1 && round > rounds/3 && round < rounds*2/3:
		return []string{"link set guest-peer down"}
	case round%3 == 2 && round > rounds/3:
		return []string{"link set guest-peer up"}
	case round == rounds/5 || round == rounds/3:
		return []string{"link set lan-peer " + state[round == rounds/3]}
	case round == rounds/4:
		return []string{"link add temporary type veth peer name temporary-peer", "link set temporary up"}
	case round == rounds*4/5:
		return []string{"link del temporary"}
	}
	return []string{"link set lo up"}
}

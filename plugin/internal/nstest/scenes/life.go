package scenes

import "strings"

// life is what a device x0 of any kind can go through, over a link d0 with an
// address of each family, on which no neighbor is looked for: entries that fail
// and are tried again change silently. Each kind refuses some of it.
const life = `
ip link add d0 type veth peer name d1
ip link set d0 arp off
ip link set d0 up
ip link set d1 up
ip addr add 192.0.2.1/24 dev d0
ip addr add 2001:db8::1/64 dev d0 nodad
ip link add x0 $ARGUMENTS
? ip link set x0 up
? ip addr add 10.9.0.1/24 dev x0
? ip addr add 2001:db8:9::1/64 dev x0 nodad
? ip route add 10.10.0.0/16 via 10.9.0.2 dev x0
? ip route add 2001:db8:10::/48 via 2001:db8:9::2 dev x0
? ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev x0
? ip neigh add proxy 10.9.0.7 dev x0
--
? ip link set x0 mtu 1300 alias uplink txqueuelen 7
? ip link set x0 address 02:00:00:00:00:77
? ip link set x0 down
? ip link set x0 up
--
? ip route add 10.10.0.0/16 via 10.9.0.2 dev x0
? ip link set d0 down
? ip link set d0 up
--
? ip link set x0 name y0
? ip link set x0 down
? ip link set x0 name y0
? ip link set y0 up
? ip addr del 10.9.0.1/24 dev y0
--
? ip link set y0 netns $PEER
--
? peer ip link set y0 up
? peer ip link set y0 netns $HOME
--
ip link del d0
--
? ip link del y0`

// lifeOf returns the commands of a line that is "life ARGUMENTS", of any other
// the line.
func lifeOf(line string) []string {
	arguments, is := strings.CutPrefix(line, "life ")
	if !is {
		return []string{line}
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(life, "$ARGUMENTS", arguments)), "\n")
}

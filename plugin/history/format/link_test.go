package format

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
)

// A tunnel's broadcast address is its peer, and a VXLAN's learning is told once,
// also where it is a port of a bridge, which has the same word.
func TestEachFieldOfALinkIsPrintedOnce(t *testing.T) {
	for _, tt := range []struct {
		cells []string // field, value
		want  string
	}{
		{[]string{"interface", "sit1", "flags", "POINTOPOINT,NOARP", "link_type", "sit", "address", "192.0.2.1", "broadcast", "192.0.2.2", "kind", "sit"},
			": sit1: <POINTOPOINT,NOARP>\n    link/sit 192.0.2.1 peer 192.0.2.2\n    sit remote any local any"},
		{[]string{"interface", "v0", "flags", "UP", "link_type", "ether", "broadcast", "ff:ff:ff:ff:ff:ff"},
			": v0: <UP>\n    link/ether brd ff:ff:ff:ff:ff:ff"},
		{[]string{"interface", "vx0", "link_type", "ether", "kind", "vxlan", "vni", "7", "port_kind", "bridge", "learning", "false", "flood", "true"},
			": vx0: <>\n    link/ether\n    vxlan id 7 nolearning bridge_slave flood on"},
	} {
		o := &history.Object{Class: "link"}
		for i := 0; i < len(tt.cells); i += 2 {
			o.Cells = append(o.Cells, history.Cell{Name: []byte(tt.cells[i]), Str: []byte(tt.cells[i+1])})
		}
		require.Equal(t, tt.want, IP(o))
	}
}

package iproute

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The text is that of iproute2 6.1.0 for messages of these routes.
func TestRoutesOfLabelsAreRead(t *testing.T) {
	rows := labelRows(`unicast 100 as to 200 via inet 10.0.0.9 dev lo table main proto static scope global
unicast 101 via inet6 2001:db8::9 dev lo table main proto boot scope global
unicast 102 table main proto bird scope global
	nexthop as to 200 via inet 10.0.0.9 dev lo
	nexthop as to 201/301 via inet 10.0.1.9 dev lo dead linkdown
	nexthop via inet 10.0.1.8 dev lo
unicast 103 dev lo table main proto boot scope global
`)
	require.Equal(t, []row{
		{"family": "mpls", "dst": "100", "newdst": "200", "gateway": "10.0.0.9", "interface": "lo", "protocol": "static"},
		{"family": "mpls", "dst": "101", "gateway": "2001:db8::9", "interface": "lo", "protocol": "boot"},
		{"family": "mpls", "dst": "102", "protocol": "bird",
			"nexthops": "as to 200 via inet 10.0.0.9 dev lo; as to 201/301 via inet 10.0.1.9 dev lo; via inet 10.0.1.8 dev lo"},
		{"family": "mpls", "dst": "103", "interface": "lo", "protocol": "boot"},
	}, rows)
	require.Empty(t, labelRows(""))
}

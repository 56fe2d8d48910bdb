package nstest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestObjectsKeepsTheFirstOfTwoMembers(t *testing.T) {
	list, err := Objects([]byte(`[{"dst":"10.0.0.0/8","encap":"mpls","dst":"100","nexthops":[{"dst":"1","weight":2}]},{},{"up":null}]`))
	require.NoError(t, err)
	require.Equal(t, []map[string]any{
		{"dst": "10.0.0.0/8", "encap": "mpls", "nexthops": []any{map[string]any{"dst": "1", "weight": 2.0}}}, {}, {"up": nil},
	}, list)
	for _, bad := range []string{"", "{}", "[1]", `[{"a":1]`, "[] []", "[{"} {
		_, err := Objects([]byte(bad))
		require.Error(t, err, bad)
	}
}

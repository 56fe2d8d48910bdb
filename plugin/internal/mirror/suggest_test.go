package mirror

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestSuggestedNamesHoldUntilLinksAreEnumerated(t *testing.T) {
	s := New(Config{})
	s.Suggest(7, "eth7")
	require.Equal(t, "eth7", s.LinkName(7))
	require.Equal(t, "if8", s.LinkName(8))
	s.Begin(rtnl.Query{Object: rtnl.Link, Ifindex: 8, One: true}, false)
	s.End(false, nil, 1)
	require.Equal(t, "eth7", s.LinkName(7), "one link is not all")
	s.Begin(rtnl.Query{Object: rtnl.Link}, true)
	s.End(false, nil, 1)
	require.Equal(t, "if7", s.LinkName(7))
}

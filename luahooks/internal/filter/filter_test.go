package filter

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
)

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern, s string
		want       bool
	}{
		{"*", "", true}, {"*", "abc", true}, {"a*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "acd", false},
		{"**a", "ba", true}, {"?", "", false}, {"?", "x", true}, {"a*b*c", "aXbXbc", true}, {"a*b*c", "aXbXb", false}, {"", "", true},
		{"", "x", false}, {"abc*", "abc", true},
	} {
		require.Equal(t, tc.want, Glob(tc.pattern, tc.s), "%q %q", tc.pattern, tc.s)
	}
}

func TestEqualitiesAreOfferedToTheStore(t *testing.T) {
	f := Filter{{kind: testIs, field: 1, text: "main"}, {kind: testEqual, field: 6, want: 5}, {kind: testPresent, field: 2}}
	require.Equal(t, []model.Want{{Field: 1, Value: model.Value{Kind: model.String, Str: "main"}}, {Field: 6, Value: model.Value{Kind: model.Int, Num: 5}}}, f.Wants())
}

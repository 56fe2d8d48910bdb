package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbersHaveTheBoundsOfTheirField(t *testing.T) {
	for _, tc := range []struct {
		most, low, high int64
		want            string
	}{
		{255, 0, 0, ""},
		{255, 255, 255, ""},
		{255, -5, 0, ""},
		{255, 255, 1000, ""},
		{255, -5, 1000, ""},
		{255, 256, 256, "it is a number from 0 to 255"},
		{255, -1, -1, "it is a number from 0 to 255"},
		{255, 256, 300, "it is a number from 0 to 255"},
		{0, -1, -1, ""},
		{0, 1 << 40, 1 << 41, ""},
	} {
		err := (&Field{Kind: Int, Most: tc.most}).CanBeIn(tc.low, tc.high)
		if tc.want == "" {
			require.NoError(t, err, "%+v", tc)
		} else {
			require.EqualError(t, err, tc.want, "%+v", tc)
		}
	}
}

package plugin

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLimiterLetsALinePassNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l limiter
		log := &journal{}
		for range 25 {
			l.logf(log.Warnf, "trouble %d", 1)
			time.Sleep(time.Second)
		}
		require.Equal(t, "W! trouble 1\nW! trouble 1 (9 more were not logged)\nW! trouble 1 (9 more were not logged)", log.text())
	})
}

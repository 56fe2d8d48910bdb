package quiet

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLimiterLetsALinePassNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Limiter
		var lines []string
		log := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
		for range 25 {
			l.Logf(log, "trouble %d", 1)
			time.Sleep(time.Second)
		}
		require.Equal(t, []string{"trouble 1", "trouble 1 (9 more were not logged)", "trouble 1 (9 more were not logged)"}, lines)
	})
}

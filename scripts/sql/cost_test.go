package sql

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// readRows is how many rows of routes the server's indexes and scans have read.
const readRows = `SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname LIKE 'rtnetlink%')::bigint,
	(SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname LIKE 'rtnetlink%')::bigint`

// TestAStateReadsItsEpochAndItsKeys: the rows before the epoch cost nothing, however
// many there are: what is read are the events of the epoch, and two rows a key.
func TestAStateReadsItsEpochAndItsKeys(t *testing.T) {
	needE2E(t)
	url := server(t)
	run(t, "psql", "-v", "ON_ERROR_STOP=1", "-qf", "postgresql.sql", url)
	const keys, events = 200, 2000
	for _, older := range []int{50_000, 300_000} {
		run(t, "psql", "-v", "ON_ERROR_STOP=1", "-v", fmt.Sprint("events=", events), "-v", fmt.Sprint("keys=", keys), "-v", fmt.Sprint("older=", older), "-f", "bench.sql", url)
		conn, err := pgx.Connect(context.Background(), url)
		require.NoError(t, err)
		count := func() (index, scan int) {
			_, err := conn.Exec(context.Background(), `SELECT pg_stat_force_next_flush()`)
			require.NoError(t, err)
			require.NoError(t, conn.QueryRow(context.Background(), readRows).Scan(&index, &scan))
			return index, scan
		}
		index, scan := count()
		var n int
		require.NoError(t, conn.QueryRow(context.Background(), `SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z')`).Scan(&n))
		require.Equal(t, keys, n)
		afterIndex, afterScan := count()
		require.LessOrEqual(t, afterIndex-index, events+2*keys+20, "of %d older rows", older)
		require.GreaterOrEqual(t, afterIndex-index, events, "the counters count")
		require.LessOrEqual(t, afterScan-scan, 10, "of the table of epochs, which is small")
		require.NoError(t, conn.Close(context.Background()))
	}
}

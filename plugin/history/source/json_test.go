package source

import (
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	telegraf "github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/influxdata/telegraf/plugins/serializers/json"
	"github.com/stretchr/testify/require"
)

// jsonOf is line protocol as Telegraf's serializer writes it in JSON.
func jsonOf(t *testing.T, lines []byte) (single, batch string) {
	t.Helper()
	parser := telegraf.Parser{}
	require.NoError(t, parser.Init())
	metrics, err := parser.Parse(lines)
	require.NoError(t, err)
	s := json.Serializer{TimestampUnits: config.Duration(time.Nanosecond)}
	require.NoError(t, s.Init())
	for _, m := range metrics {
		b, err := s.Serialize(m)
		require.NoError(t, err)
		single += string(b)
	}
	b, err := s.SerializeBatch(metrics)
	require.NoError(t, err)
	return single, string(b)
}

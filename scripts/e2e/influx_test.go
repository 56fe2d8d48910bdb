package e2e

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/scripts/influxd"
	"telegraf-rtnetlink/scripts/testkit"
)

const (
	influxAddress = "127.0.0.1:8086"
	database      = "telegraf"
)

// influx is a running influxd with a data directory of its own.
type influx struct {
	*process
	config string
}

// startInflux starts an empty database and waits until it answers.
func startInflux(t *testing.T) *influx {
	t.Helper()
	db := &influx{}
	db.config, _ = testkit.InfluxConfig(t, influxd.Config{Address: influxAddress})
	db.start(t)
	return db
}

func (db *influx) start(t *testing.T) {
	t.Helper()
	db.process = startProcess(t, "influxd", "-config", db.config)
	testkit.AwaitInfluxDB(t, http.DefaultClient, "http://"+influxAddress)
}

// outage takes the database down for d; what it has is kept.
func (db *influx) outage(t *testing.T, d time.Duration) {
	t.Helper()
	db.stop(syscall.SIGTERM)
	time.Sleep(d)
	db.start(t)
}

// series is one series of a query's result.
type series struct {
	Name    string            `json:"name"`
	Tags    map[string]string `json:"tags"`
	Columns []string          `json:"columns"`
	Values  [][]any           `json:"values"`
}

// query runs one InfluxQL statement. Times are in nanoseconds, numbers are
// json.Number. A database that is not there yet has no rows.
func query(t *testing.T, statement string) []series {
	t.Helper()
	list, err := tryQuery(statement)
	require.NoError(t, err, statement)
	return list
}

func tryQuery(statement string) ([]series, error) {
	form := url.Values{"db": {database}, "epoch": {"ns"}, "q": {statement}}
	resp, err := http.PostForm("http://"+influxAddress+"/query", form)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Error   string `json:"error"`
		Results []struct {
			Error  string   `json:"error"`
			Series []series `json:"series"`
		} `json:"results"`
	}
	decoder := json.NewDecoder(resp.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("influxd: %s", answer.Error)
	}
	if len(answer.Results) != 1 {
		return nil, fmt.Errorf("influxd: %d results for one statement", len(answer.Results))
	}
	if answer.Results[0].Error != "" && answer.Results[0].Error != "database not found: "+database {
		return nil, fmt.Errorf("influxd: %s", answer.Results[0].Error)
	}
	return answer.Results[0].Series, nil
}

// number returns the single number that a statement results in, 0 for no rows.
func number(t *testing.T, statement string) int {
	t.Helper()
	list := query(t, statement)
	if len(list) == 0 {
		return 0
	}
	n, err := list[0].Values[0][1].(json.Number).Int64()
	require.NoError(t, err)
	return int(n)
}

// row is one point: columns by name, those without a value left out.
type row struct {
	measurement string
	time, seq   int64
	values      map[string]string
}

// events returns all event points in the order of their times. A point that is
// being written is seen field by field: one without seq is looked at again.
func events(t *testing.T) (rows []row) {
	t.Helper()
	waitFor(t, 10*time.Second, "a point without seq", func() bool {
		rows = points(t)
		return !slices.ContainsFunc(rows, func(r row) bool { return r.values["seq"] == "" })
	})
	return rows
}

// points returns what the database shows at the moment.
func points(t *testing.T) (rows []row) {
	t.Helper()
	// One by one: over several measurements, a name that is a tag of one and a
	// field of another makes two columns.
	for _, name := range plugin.New().Objects {
		for _, s := range query(t, `SELECT * FROM "rtnetlink_`+name+`"`) {
			for _, v := range s.Values {
				rows = append(rows, newRow(t, s, v))
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.time, b.time) })
	return rows
}

func newRow(t *testing.T, s series, values []any) row {
	t.Helper()
	r := row{measurement: s.Name, values: map[string]string{}}
	for i, column := range s.Columns {
		if values[i] != nil {
			r.values[column] = fmt.Sprint(values[i])
		}
	}
	var err error
	r.time, err = values[0].(json.Number).Int64()
	require.NoError(t, err)
	if seq := r.values["seq"]; seq != "" {
		r.seq, err = strconv.ParseInt(seq, 10, 64)
		require.NoError(t, err)
	}
	return r
}

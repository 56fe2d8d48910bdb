package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"telegraf-rtnetlink/plugin/history"
)

// jsonMetric is a metric as serializers.json writes it, alone or in a batch.
type jsonMetric struct {
	Name      string            `json:"name"`
	Tags      map[string]string `json:"tags"`
	Fields    map[string]any    `json:"fields"`
	Timestamp any               `json:"timestamp"`
	Metrics   []jsonMetric      `json:"metrics"`
}

// readJSON hands out the rows of Telegraf's JSON: an object or a batch a line.
func readJSON(name string, in *bufio.Reader, notes *Notes, add func(*history.Row) error) error {
	for {
		line, err := in.ReadBytes('\n')
		if text := bytes.TrimSpace(line); len(text) > 0 {
			if bad := jsonLine(name, text, err != nil, notes, add); bad != nil {
				return bad
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

func jsonLine(name string, line []byte, last bool, notes *Notes, add func(*history.Row) error) error {
	var list []jsonMetric
	var one jsonMetric
	var into any = &one
	if line[0] == '[' {
		into = &list
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	switch err := dec.Decode(into); {
	case err != nil && last:
		notes.Add(name, "the last line is cut off; it is not used")
		return nil
	case err != nil:
		notes.Add(name, fmt.Sprintf("a line that is no JSON of a metric (%v); it is not used", err))
		return nil
	}
	if line[0] != '[' {
		list = []jsonMetric{one}
	}
	return addJSON(name, list, notes, add)
}

func addJSON(name string, list []jsonMetric, notes *Notes, add func(*history.Row) error) error {
	var r history.Row
	for i := range list {
		m := &list[i]
		if m.Metrics != nil {
			if err := addJSON(name, m.Metrics, notes, add); err != nil {
				return err
			}
			continue
		}
		if !m.row(&r) {
			notes.Add(name, "an object without a time that is a number or RFC 3339; it is not used")
			continue
		}
		if r.Time%int64(time.Second) == 0 && bytes.HasPrefix(r.Measurement, streamPrefix) && r.Time != 0 {
			notes.Add(name, `times are whole seconds: set json_timestamp_units = "1ns" at the output`)
		}
		if err := add(&r); err != nil {
			return err
		}
	}
	return nil
}

// row makes a row of m; false without a time.
func (m *jsonMetric) row(r *history.Row) bool {
	r.Reset()
	r.SetMeasurement([]byte(m.Name))
	for _, k := range slices.Sorted(maps.Keys(m.Tags)) {
		r.Tag([]byte(k), []byte(m.Tags[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(m.Fields)) {
		addValue(r, k, m.Fields[k])
	}
	switch t := m.Timestamp.(type) {
	case json.Number:
		n, err := t.Int64()
		r.Time = Nanoseconds(n)
		return err == nil
	case string:
		at, err := time.Parse(time.RFC3339Nano, t)
		r.Time = at.UnixNano()
		return err == nil
	}
	return false
}

// addValue adds a field with a value out of JSON.
func addValue(r *history.Row, k string, v any) {
	switch v := v.(type) {
	case string:
		r.Text([]byte(k), []byte(v))
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		r.Number([]byte(k), history.Bool, n)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			r.Number([]byte(k), history.Int, n)
		} else if f, err := v.Float64(); err == nil {
			r.Number([]byte(k), history.Float, int64(math.Float64bits(f)))
		}
	}
}

// Nanoseconds takes a time since the epoch in s, ms, µs or ns: which of them
// its size tells, for the years 1973 to 5138.
func Nanoseconds(n int64) int64 {
	for limit, unit := int64(1e11), int64(1e9); unit > 1; limit, unit = limit*1000, unit/1000 {
		if -limit < n && n < limit {
			return n * unit
		}
	}
	return n
}

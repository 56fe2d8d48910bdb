package source

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"telegraf-rtnetlink/plugin/history"
)

// tail remembers the last byte that was read, which tells whether the last
// line is whole.
type tail struct {
	r    io.Reader
	last byte
}

func (t *tail) Read(b []byte) (int, error) {
	n, err := t.r.Read(b)
	if n > 0 {
		t.last = b[n-1]
	}
	return n, err
}

// lines reads line protocol.
type lines struct {
	name string
	tail tail
	dec  *lineprotocol.Decoder
	rows [2]history.Row // the one to hand out, the next
	log  *Notes
}

// readLines hands out the rows of line protocol. A line is handed out when the
// next one begins: the last one of a file that was cut off is none, though it
// may look whole.
func readLines(name string, r io.Reader, log *Notes, add func(*history.Row) error) error {
	l := lines{name: name, tail: tail{r: r}, log: log}
	l.dec = lineprotocol.NewDecoder(&l.tail)
	cur, have := 0, false
	for l.dec.Next() {
		if have {
			if err := add(&l.rows[cur]); err != nil {
				return err
			}
			cur = 1 - cur
		}
		have = l.row(&l.rows[cur])
	}
	if err := l.dec.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if have && l.tail.last != '\n' {
		log.Add(name, "the last line is cut off; it is not used")
		return nil
	}
	if have {
		return add(&l.rows[cur])
	}
	return nil
}

var streamPrefix = []byte("rtnetlink_")

// row decodes a line; false for one that is none.
func (l *lines) row(r *history.Row) bool {
	r.Reset()
	m, err := l.dec.Measurement()
	if err != nil {
		return l.bad(err)
	}
	r.SetMeasurement(m)
	if !bytes.HasPrefix(m, streamPrefix) {
		return true // of another program: the rest does not matter
	}
	for {
		k, v, err := l.dec.NextTag()
		if err != nil {
			return l.bad(err)
		}
		if k == nil {
			break
		}
		r.Tag(k, v)
	}
	for {
		k, kind, v, err := l.dec.NextFieldBytes()
		if err != nil {
			return l.bad(err)
		}
		if k == nil {
			break
		}
		if err := field(r, k, kind, v); err != nil {
			return l.bad(err)
		}
	}
	at, err := l.dec.TimeBytes()
	if err != nil {
		return l.bad(err)
	}
	if at == nil {
		l.log.Add(l.name, "a line without a time; it is not used")
		return false
	}
	if r.Time, err = strconv.ParseInt(string(at), 10, 64); err != nil {
		return l.bad(err)
	}
	return true
}

func (l *lines) bad(err error) bool {
	l.log.Add(l.name, fmt.Sprintf("a line that is no line protocol (%v); it is not used", err))
	return false
}

// field adds a field to a row.
func field(r *history.Row, k []byte, kind lineprotocol.ValueKind, v []byte) error {
	switch kind {
	case lineprotocol.String:
		r.Text(k, v)
	case lineprotocol.Int, lineprotocol.Uint:
		n, err := parseInt(v)
		if err != nil {
			return err
		}
		r.Number(k, history.Int, n)
	case lineprotocol.Bool:
		n := int64(0)
		if v[0] == 't' || v[0] == 'T' {
			n = 1
		}
		r.Number(k, history.Bool, n)
	case lineprotocol.Float:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return err
		}
		r.Number(k, history.Float, int64(math.Float64bits(f)))
	}
	return nil
}

// parseInt is strconv.ParseInt for the short numbers that nearly all are.
func parseInt(b []byte) (int64, error) {
	if len(b) == 0 || len(b) > 18 || b[0] == '-' {
		return strconv.ParseInt(string(b), 10, 64)
	}
	n := int64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return strconv.ParseInt(string(b), 10, 64)
		}
		n = n*10 + int64(c-'0')
	}
	return n, nil
}

package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"telegraf-rtnetlink/plugin/history"
)

// tail is what the decoder reads from. It remembers the last byte that was read,
// which tells whether the last line is whole.
//
// The decoder looks behind the end of a line before it lets go of it, and doubles
// its buffer when that is full: it would grow with the stream. What it lets go
// of is all but the last maxPeek bytes, so it gets whole lines, and by turns no
// more than these bytes to look at.
type tail struct {
	r    *bufio.Reader
	peek bool // the next read is a short one
	last byte
}

const (
	maxRead = 32 << 10
	maxPeek = 128
)

func (t *tail) Read(b []byte) (int, error) {
	size := min(len(b), maxRead)
	if t.peek {
		size = min(len(b), maxPeek)
	}
	head, err := t.r.Peek(size)
	if i := bytes.LastIndexByte(head, '\n'); i >= 0 && !t.peek {
		head = head[:i+1]
	}
	if len(head) == 0 {
		return 0, err
	}
	t.peek, t.last = !t.peek, head[len(head)-1]
	n, _ := t.r.Discard(copy(b, head)) // what was there to be seen
	return n, nil
}

// lines reads line protocol.
type lines struct {
	name string
	tail tail
	dec  *lineprotocol.Decoder
	row  history.Row // the newest
	bad  string      // what is wrong with the newest line; empty: it is whole
	log  *Notes
}

// readLines hands out the rows of line protocol. A line is handed out when the
// next one begins: the last one of a file that was cut off is none, though it
// may look whole.
func readLines(name string, r io.Reader, log *Notes, add func(*history.Row) error) error {
	l := lines{name: name, tail: tail{r: bufio.NewReaderSize(r, maxRead)}, log: log}
	l.dec = lineprotocol.NewDecoder(&l.tail)
	any := false
	for l.dec.Next() {
		if any {
			if err := l.hand(add); err != nil {
				return err
			}
		}
		any = true
		l.next()
	}
	if err := l.dec.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	switch {
	case any && l.tail.last != '\n':
		log.Add(name, "the last line is cut off; it is not used")
		return nil
	case any:
		return l.hand(add)
	}
	return nil
}

// hand hands out the newest row, unless its line is none.
func (l *lines) hand(add func(*history.Row) error) error {
	if l.bad != "" {
		l.log.Add(l.name, l.bad+"; it is not used")
		return nil
	}
	return add(&l.row)
}

var streamPrefix = []byte("rtnetlink_")

var errNoTime = errors.New("a line without a time")

// next decodes a line, and notes in bad what is wrong with it.
func (l *lines) next() {
	l.row.Reset()
	l.bad = ""
	switch err := l.decode(&l.row); {
	case errors.Is(err, errNoTime):
		l.bad = err.Error()
	case err != nil:
		l.bad = fmt.Sprintf("a line that is no line protocol (%v)", err)
	}
}

func (l *lines) decode(r *history.Row) error {
	m, err := l.dec.Measurement()
	if err != nil {
		return err
	}
	r.SetMeasurement(m)
	if !bytes.HasPrefix(m, streamPrefix) {
		return nil // of another program: the rest does not matter
	}
	for {
		k, v, err := l.dec.NextTag()
		if err != nil {
			return err
		}
		if k == nil {
			break
		}
		if twice(r.Tags, k) {
			return fmt.Errorf("tag %s comes twice: the rest of one line and the beginning of another", k)
		}
		r.Tag(k, v)
	}
	for {
		k, kind, v, err := l.dec.NextFieldBytes()
		if err != nil {
			return err
		}
		if k == nil {
			break
		}
		if err := field(r, k, kind, v); err != nil {
			return err
		}
	}
	at, err := l.dec.TimeBytes()
	if err != nil {
		return err
	}
	if at == nil {
		return errNoTime
	}
	r.Time, err = strconv.ParseInt(string(at), 10, 64)
	return err
}

// twice reports whether a name is among the tags. Telegraf sorts them, so the last
// one tells.
func twice(tags []history.Cell, name []byte) bool {
	if n := len(tags); n == 0 || bytes.Compare(tags[n-1].Name, name) < 0 {
		return false
	}
	return slices.ContainsFunc(tags, func(c history.Cell) bool { return bytes.Equal(c.Name, name) })
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

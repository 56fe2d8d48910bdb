package mirror

import (
	"encoding/hex"
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// maxChoices bounds a fuzzed stream: longer ones find nothing new, slower.
const maxChoices = 4 << 10

// FuzzModel compares mirror and model kernel after streams that the fuzzer
// varies. A stream that was found is run by TestMirrorEqualsTheModel… too.
func FuzzModel(f *testing.F) {
	for seed := range uint64(16) {
		f.Add(randomChoices(seed, 600))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		newModelRun(t, data[:min(len(data), maxChoices)]).run()
	})
}

// FuzzMessages gives a mirror arbitrary messages: it must not panic, must hold
// what it says it holds, and must refuse what it cannot decode without a trace.
func FuzzMessages(f *testing.F) {
	for _, stream := range seedStreams() {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := New(Config{Report: all, Track: all, Initial: all, Emit: decodeAll})
		for len(data) > 0 {
			data = feed(t, s, data)
		}
		if err := s.consistent(); err != nil {
			t.Fatal(err)
		}
		s.Clear(1)
		for o := range s.tables {
			if n := s.Len(rtnl.Object(o)); n != 0 {
				t.Fatalf("%d %ss after Clear", n, rtnl.Object(o))
			}
		}
		if err := s.consistent(); err != nil {
			t.Fatal(err)
		}
	})
}

// decodeAll reads every field, as whoever makes metrics does.
func decodeAll(e *event.Event) {
	for i := range event.Fields(e.Object) {
		e.Old.Value(i)
		e.New.Value(i)
	}
}

// A fuzzed stream is a sequence of steps: an opcode, a length, and that many
// bytes. The opcode's low nibble says what to do, its high nibble the message's
// flags.
const (
	// 0 to 11 are events: RTM_NEW* and RTM_DEL* of each class.
	stepRecord  = 12
	stepBegin   = 13
	stepEnd     = 14
	stepDiscard = 15
)

// feed does one step and returns the rest.
func feed(t *testing.T, s *State, data []byte) []byte {
	op, data := data[0], data[1:]
	n := 0
	if len(data) > 0 {
		n, data = min(int(data[0]), len(data)-1), data[1:]
	}
	arg := append([]byte(nil), data[:n]...)
	flags := uint16(op>>4) << 8 // REPLACE, EXCL, CREATE, APPEND
	switch kind := op & 15; kind {
	case stepRecord:
		if s.dump != nil {
			refuse(t, arg, s.Record(created(s.dump.query.Object, unix.NLM_F_MULTI, arg), 1))
		}
	case stepBegin:
		s.Begin(queryOf(arg), op>>4 == 0)
	case stepEnd:
		s.End(op>>4&1 != 0, endError(op>>5), 1)
	case stepDiscard:
		s.Abort()
	default:
		m := created(rtnl.Object(kind/2), flags, arg)
		m.Type += uint16(kind % 2)
		before := fingerprintOf(s)
		err := s.Apply(m, 1)
		refuse(t, arg, err)
		if err != nil && fingerprintOf(s) != before {
			t.Fatalf("a message was refused, and changed something: %v", err)
		}
	}
	s.Wants()
	return data[n:]
}

// queryOf makes a question of any bytes.
func queryOf(b []byte) rtnl.Query {
	b = append(b, make([]byte, 8)...)
	return rtnl.Query{Object: rtnl.Object(b[0] % rtnl.NumObjects), Family: b[1], Ifindex: uint32(b[2] & 3), Table: uint32(b[3] & 1 * b[4]),
		Master: uint32(b[5] & 3), Proxy: b[6]&1 != 0, One: b[7]&1 != 0}
}

func endError(n byte) error {
	return []error{nil, unix.EBUSY, unix.ENODEV, unix.ENOENT, nil, nil, nil, nil}[n&7]
}

// refuse checks that exactly what makes no sense is refused, with the right error.
func refuse(t *testing.T, body []byte, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, rtnl.ErrMalformed) {
		t.Fatalf("%x: %v", body, err)
	}
}

// fingerprint changes whenever an object or a count does.
type fingerprint struct {
	counts                            Counts
	objects                           [rtnl.NumObjects]int
	bytes, tallies, links, names, ask int
}

func fingerprintOf(s *State) fingerprint {
	f := fingerprint{counts: s.counts, bytes: s.Bytes(), tallies: len(s.tally.counts), links: len(s.links.byIndex), names: len(s.links.byName), ask: len(s.wants)}
	for o := range f.objects {
		f.objects[o] = s.Len(rtnl.Object(o))
	}
	return f
}

// step encodes a step of a stream.
func step(op byte, arg []byte) []byte { return append([]byte{op, byte(len(arg))}, arg...) }

// seedStreams are streams that make sense: what the model kernel says, each
// message as an event and as a record.
func seedStreams() (out [][]byte) {
	for seed := range uint64(24) {
		k := newKernel(&choices{randomChoices(seed, 120)})
		for !k.over() {
			k.step()
		}
		k.catchUp()
		var stream []byte
		for _, m := range k.log {
			o, del, _ := rtnl.ObjectOf(m.Type)
			kind := byte(2 * o)
			if del {
				kind++
			}
			if len(m.Body) < 256 {
				stream = append(stream, step(kind|byte(m.Flags>>8)<<4, m.Body)...)
			}
		}
		stream = append(stream, step(stepBegin, []byte{byte(seed % rtnl.NumObjects)})...)
		for _, m := range k.log {
			if o, _, _ := rtnl.ObjectOf(m.Type); uint64(o) == seed%rtnl.NumObjects && len(m.Body) < 256 {
				stream = append(stream, step(stepRecord, m.Body)...)
			}
		}
		out = append(out, append(stream, step(stepEnd, nil)...))
	}
	return out
}

// TestMalformedMessagesAreRefused lists what cannot be an object.
func TestMalformedMessagesAreRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		o    rtnl.Object
		body string
	}{
		{"nothing", rtnl.Link, ""},
		{"half a header", rtnl.Route, "0218000000000000"},
		{"an attribute longer than the message", rtnl.Address, "0218000003000000" + "0c000100"},
		{"an attribute shorter than its own header", rtnl.Neighbor, "020000000300000002000001" + "03000100"},
		{"an attribute cut off", rtnl.Nexthop, "0200000000000000" + "08000100" + "05"},
		{"a second attribute cut off", rtnl.Rule, "020000006400000100000000" + "0800060001000000" + "08000f00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, err := hex.DecodeString(test.body)
			if err != nil {
				t.Fatal(err)
			}
			for _, del := range []uint16{0, 1} {
				s := New(Config{Report: all, Track: all, Emit: func(*event.Event) { t.Error("reported") }})
				m := created(test.o, 0, body)
				m.Type += del
				before := fingerprintOf(s)
				refuseIs(t, s.Apply(m, 1))
				s.Begin(rtnl.Query{Object: test.o}, true)
				if del == 0 {
					refuseIs(t, s.Record(m, 1))
				}
				s.End(false, nil, 1)
				if fingerprintOf(s) != before {
					t.Error("something has changed")
				}
			}
		})
	}
}

func refuseIs(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, rtnl.ErrMalformed) {
		t.Errorf("%v, want an error that is rtnl.ErrMalformed", err)
	}
}

func TestOversizedMessageIsRefused(t *testing.T) {
	s := New(Config{Report: all, Track: all})
	body := linkBody(3, "a", 0)
	for len(body) <= objtable.MaxBody {
		body = append(body, attr(unix.IFLA_IFALIAS, make([]byte, 60000))...)
	}
	refuseIs(t, s.Apply(created(rtnl.Link, 0, body), 1))
}

// Objects that only nonsense can make refer to themselves and to each other.
func TestGroupsOfGroupsEnd(t *testing.T) {
	s := New(Config{Report: all, Track: all, Emit: decodeAll})
	for _, body := range [][]byte{nexthopBody(5, members(5)), nexthopBody(6, members(7)), nexthopBody(7, members(6)), nexthopBody(8, members(5, 6, 7, 8))} {
		if err := s.Apply(created(rtnl.Nexthop, 0, body), 1); err != nil {
			t.Fatal(err)
		}
	}
	for id := range uint32(9) {
		if err := s.Apply(removed(rtnl.Nexthop, nexthopBody(id)), 1); err != nil {
			t.Fatal(err)
		}
		if err := s.consistent(); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Len(rtnl.Nexthop); n != 0 {
		t.Fatalf("%d are left", n)
	}
}

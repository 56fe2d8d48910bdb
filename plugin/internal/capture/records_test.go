package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

var meta = Meta{Version: "1.2.3", Kernel: "6.18.44"}

// message is a netlink message of any type.
func message(typ uint16, body ...byte) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(body)))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = append(b, make([]byte, 10)...)
	return append(b, body...)
}

// samples has a record of every kind, in two namespaces, in an order that a
// queue can have.
func samples() []Record {
	route := rtnl.Query{Object: rtnl.Route, Family: 2, Ifindex: 5, Table: 254, Barrier: true, Round: 9}
	link := rtnl.Query{Object: rtnl.Link, One: true, Ifindex: 3}
	up := message(unix.RTM_NEWLINK, make([]byte, unix.SizeofIfInfomsg)...)
	gone := message(unix.RTM_DELROUTE, make([]byte, unix.SizeofRtMsg)...)
	return []Record{
		{Time: 1700000000_000000001, Kind: rtnl.Events, Data: up},
		{Time: 1700000000_000000002, Kind: rtnl.DumpBegin, Query: route},
		{Time: 1700000000_000000003, Kind: rtnl.DumpBegin, Query: link, Netns: "blue"},
		{Time: 1700000000_000000002, Kind: rtnl.Events, Data: gone, Netns: "blue"},
		{Time: 1700000000_000000004, Kind: rtnl.DumpData, Query: route, Data: append(gone, up...)},
		{Time: 1700000000_000000005, Kind: rtnl.DumpData, Query: link, Data: up, Netns: "blue"},
		{Time: 1700000000_000000006, Kind: rtnl.DumpEnd, Query: route, Interrupted: true},
		{Time: 1700000000_000000007, Kind: rtnl.Overrun, Netns: "blue"},
		{
			Time: 1700000000_000000008, Kind: rtnl.DumpEnd, Query: link, Netns: "blue",
			Err: &recordedError{"rtnl: the kernel answered: no such device", unix.ENODEV},
		},
		{Time: 1700000000_000000009, Kind: rtnl.Failed, Err: &recordedError{text: "rtnl: receive: closed"}},
	}
}

func write(t testing.TB, records []Record) []byte {
	var b bytes.Buffer
	w, err := NewWriter(&b, meta)
	require.NoError(t, err)
	for _, r := range records {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Flush())
	return b.Bytes()
}

// readAll returns the records before the end or the first error.
func readAll(b []byte) (records []Record, err error) {
	r, err := NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return records, err
		}
		records = append(records, rec)
	}
}

func TestRecordsAreReadBackAsWritten(t *testing.T) {
	got, err := readAll(write(t, samples()))
	require.NoError(t, err)
	require.Equal(t, samples(), got)
}

// update rewrites the golden file: go test -update.
var update = flag.Bool("update", false, "rewrite golden files")

func TestTheFormatIsThatOfTheGoldenFile(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("netlink messages and the section header depend on the architecture")
	}
	const path = "testdata/samples.pcapng"
	if *update {
		require.NoError(t, os.WriteFile(path, write(t, samples()), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, golden, write(t, samples()))
	got, err := readAll(golden)
	require.NoError(t, err)
	require.Equal(t, samples(), got)
}

// TestEveryMemberOfAQueryIsKept fails when rtnl.Query gets a member that a
// recording loses.
func TestEveryMemberOfAQueryIsKept(t *testing.T) {
	var q rtnl.Query
	v := reflect.ValueOf(&q).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Bool:
			f.SetBool(true)
		default:
			f.SetUint(uint64(i + 1))
		}
	}
	got, err := readAll(write(t, []Record{{Kind: rtnl.DumpBegin, Query: q}}))
	require.NoError(t, err)
	require.Equal(t, q, got[0].Query)
}

func TestMetaIsReadBack(t *testing.T) {
	r, err := NewReader(bytes.NewReader(write(t, nil)))
	require.NoError(t, err)
	require.Equal(t, meta, r.Meta())
	_, err = r.Next()
	require.Equal(t, io.EOF, err)
}

func TestItemsAreSplitIntoDatagrams(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, meta)
	require.NoError(t, err)
	one, two := message(1), message(2, 1, 2, 3, 4)
	require.NoError(t, w.WriteItem("blue", rtnl.Item{
		Kind: rtnl.Events, Data: append(one[:len(one):len(one)], two...),
		Marks: []rtnl.Mark{{End: len(one), Time: 7}, {End: len(one) + len(two), Time: 8}},
	}, nil))
	require.NoError(t, w.WriteItem("", rtnl.Item{Kind: rtnl.Overrun, Time: 99}, nil))
	require.NoError(t, w.Flush())
	got, err := readAll(b.Bytes())
	require.NoError(t, err)
	require.Equal(t, []Record{
		{Time: 7, Netns: "blue", Kind: rtnl.Events, Data: one},
		{Time: 8, Netns: "blue", Kind: rtnl.Events, Data: two},
		{Time: 99, Kind: rtnl.Overrun},
	}, got)
	require.Equal(t, rtnl.Item{
		Source: 4, Kind: rtnl.Events, Data: two, Marks: []rtnl.Mark{{End: len(two), Time: 8}},
	}, got[1].Item(4))
	require.Equal(t, rtnl.Item{Source: 4, Kind: rtnl.Overrun, Time: 99}, got[2].Item(4))
}

func TestProcessesAreKept(t *testing.T) {
	var b bytes.Buffer
	w, err := NewWriter(&b, meta)
	require.NoError(t, err)
	of := func(port uint32) []byte {
		m := message(unix.RTM_NEWROUTE, make([]byte, unix.SizeofRtMsg)...)
		binary.NativeEndian.PutUint32(m[12:], port)
		return m
	}
	data := append(append(of(7), of(8)...), append(of(0), of(9)...)...)
	require.NoError(t, w.WriteItem("", rtnl.Item{Kind: rtnl.Events, Data: data, Marks: []rtnl.Mark{{End: len(data), Time: 5}}},
		func(port uint32, seen int64) string {
			require.EqualValues(t, 5, seen)
			return map[uint32]string{7: `a "b" <\u00e9>`, 9: "zebra"}[port]
		}))
	require.NoError(t, w.Flush())
	got, err := readAll(b.Bytes())
	require.NoError(t, err)
	require.Equal(t, []Record{{Time: 5, Data: data, Processes: map[uint32]string{7: `a "b" <\u00e9>`, 9: "zebra"}}}, got)
	var ports []uint32
	got[0].Ports(func(port uint32) { ports = append(ports, port) })
	require.Equal(t, []uint32{7, 8, 9}, ports)
	checkReadable(t, b.Bytes())
}

func TestErrorsKeepTextAndErrno(t *testing.T) {
	end := Record{Kind: rtnl.DumpEnd, Err: fmt.Errorf("asking: %w", unix.ENOENT)}
	got, err := readAll(write(t, []Record{{Kind: rtnl.DumpBegin}, end}))
	require.NoError(t, err)
	require.EqualError(t, got[1].Err, end.Err.Error())
	require.ErrorIs(t, got[1].Err, unix.ENOENT)
	var errno syscall.Errno
	end.Err = errors.New("timeout")
	got, err = readAll(write(t, []Record{{Kind: rtnl.DumpBegin}, end}))
	require.NoError(t, err)
	require.EqualError(t, got[1].Err, "timeout")
	require.False(t, errors.As(got[1].Err, &errno))
}

// limited fails behind n bytes, as a full disk does.
type limited struct{ n int }

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.n {
		return 0, unix.ENOSPC
	}
	l.n -= len(p)
	return len(p), nil
}

func TestAWriteErrorIsFinal(t *testing.T) {
	w, err := NewWriter(&limited{8192}, meta)
	require.NoError(t, err)
	var first error
	for range 100 {
		if first = w.Write(Record{Data: make([]byte, 1000)}); first != nil {
			break
		}
	}
	require.ErrorIs(t, first, unix.ENOSPC)
	require.EqualError(t, first, "record: no space left on device")
	require.Equal(t, first, w.Write(Record{}))
	require.Equal(t, first, w.Flush())
}

func TestWhatCannotBeReadBackIsNotWritten(t *testing.T) {
	for name, r := range map[string]Record{
		"an unknown kind":    {Kind: 77},
		"a huge datagram":    {Data: make([]byte, maxBlock)},
		"a name without end": {Netns: string(make([]byte, maxNetns+1))},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := NewWriter(io.Discard, meta)
			require.NoError(t, err)
			require.Error(t, w.Write(r))
		})
	}
}

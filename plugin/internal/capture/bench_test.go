package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// event is of the size of a notification about an IPv4 route.
var event = Record{Time: 1, Data: message(unix.RTM_NEWROUTE, make([]byte, 44)...)}

func BenchmarkWriteEvent(b *testing.B) {
	w, err := NewWriter(io.Discard, meta)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(event); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadEvent(b *testing.B) {
	var file bytes.Buffer
	w, err := NewWriter(&file, meta)
	require.NoError(b, err)
	for range 100_000 {
		require.NoError(b, w.Write(event))
	}
	require.NoError(b, w.Flush())
	b.ReportAllocs()
	r := &Reader{err: io.EOF}
	for b.Loop() {
		if _, err = r.Next(); errors.Is(err, io.EOF) {
			r, err = NewReader(bytes.NewReader(file.Bytes()))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

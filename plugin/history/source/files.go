package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"telegraf-rtnetlink/plugin/history"
)

// file is a file and the time of its first row.
type file struct {
	path  string
	first int64
	size  int64
}

// readFiles reads files, or standard input for "-", the oldest first.
func readFiles(specs []string, o Options, add func(*history.Row) error) error {
	paths, err := expand(specs)
	if err != nil {
		return err
	}
	files, total := make([]file, 0, len(paths)), int64(0)
	for _, path := range paths {
		f := file{path: path}
		if path != "-" && len(paths) > 1 {
			if f.first, err = firstTime(path); err != nil {
				return err
			}
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			f.size = info.Size()
		}
		total += f.size
		files = append(files, f)
	}
	slices.SortStableFunc(files, func(a, b file) int { return int(max(-1, min(1, a.first-b.first))) })
	before := int64(0)
	for _, f := range files {
		if err := f.read(o, before, total, add); err != nil {
			return err
		}
		before += f.size
	}
	return nil
}

// expand resolves patterns. A path that names a file is none.
func expand(specs []string) (paths []string, err error) {
	for _, spec := range specs {
		if _, err := os.Lstat(spec); err == nil || spec == "-" || !strings.ContainsAny(spec, "*?[") {
			paths = append(paths, spec)
			continue
		}
		found, err := filepath.Glob(spec)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%q: %w", spec, err)
		case len(found) == 0:
			return nil, fmt.Errorf("%q: no file fits", spec)
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// firstTime is the time of a file's first row, 0 where there is none.
func firstTime(path string) (at int64, err error) {
	f := file{path: path}
	err = f.read(Options{Notes: &Notes{}}, 0, 0, func(r *history.Row) error {
		if r.Time == 0 {
			return nil
		}
		at = r.Time
		return ErrDone
	})
	return at, done(err)
}

// read hands out the rows of a file.
func (f *file) read(o Options, before, total int64, add func(*history.Row) error) error {
	in := o.Stdin
	name := "standard input"
	if f.path != "-" {
		opened, err := os.Open(f.path)
		if err != nil {
			return err
		}
		defer opened.Close()
		if info, err := opened.Stat(); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a directory; name its files, as %s", f.path, filepath.Join(f.path, "*.lp*"))
		}
		in, name = opened, f.path
	}
	if in == nil {
		return errors.New("there is no standard input")
	}
	if o.Progress != nil {
		in = &meter{r: in, before: before, total: total, tell: o.Progress}
	}
	err := readAny(name, in, o.Notes, add)
	var path *fs.PathError
	if errors.As(err, &path) || err == nil || errors.Is(err, ErrDone) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zstd.ErrMagicMismatch) {
		o.Notes.Add(name, "the compressed file is cut off; what is readable of it is used")
		return nil
	}
	return err
}

// meter tells how far a file was read.
type meter struct {
	r             io.Reader
	before, total int64
	tell          func(read, total int64)
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	m.before += int64(n)
	m.tell(m.before, m.total)
	return n, err
}

// The first bytes of compressed files, and of a text.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
	byteOrder = []byte("\ufeff")
)

// others are the first bytes of files that are no stream, and what to do with them.
var others = []struct{ head, remedy string }{
	{"\xfd7zXZ\x00", "is compressed by xz; pipe it through xz -dc and give -"},
	{"BZh", "is compressed by bzip2; pipe it through bzip2 -dc and give -"},
	{"\x04\x22\x4d\x18", "is compressed by lz4; pipe it through lz4 -dc and give -"},
	{"PK\x03\x04", "is a zip archive; pipe its file through unzip -p and give -"},
	{"\x0a\x0d\x0d\x0a", "is a recording of the kernel's messages; pipe it through telegraf-rtnetlink replay /dev/stdin and give -"},
	{"\xff\xfe", "is UTF-16; pipe it through iconv -f UTF-16 -t UTF-8 and give -"},
	{"\xfe\xff", "is UTF-16; pipe it through iconv -f UTF-16 -t UTF-8 and give -"},
}

// longestHead is what a file is told by, in bytes.
const longestHead = 6

// foreign says what a file is by its first bytes, where it is no stream.
func foreign(name string, head []byte) error {
	for _, o := range others {
		if bytes.HasPrefix(head, []byte(o.head)) {
			return fmt.Errorf("%s %s", name, o.remedy)
		}
	}
	return nil
}

// buffers are of readers that are done: a program may read many small files.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 1<<20) }}

// buffered returns a reader of r to put into buffers again.
func buffered(r io.Reader) *bufio.Reader {
	in := buffers.Get().(*bufio.Reader)
	in.Reset(r)
	return in
}

// readAny reads what the first bytes say: compressed or not, JSON or line
// protocol.
func readAny(name string, r io.Reader, notes *Notes, add func(*history.Row) error) error {
	in := buffered(r)
	defer buffers.Put(in)
	head, _ := in.Peek(longestHead) // an error comes again
	if err := foreign(name, head); err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		z, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		in = buffered(z)
		defer buffers.Put(in)
	case bytes.HasPrefix(head, zstdMagic):
		z, err := zstd.NewReader(in)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		defer z.Close()
		in = buffered(z)
		defer buffers.Put(in)
	}
	if head, _ := in.Peek(len(byteOrder)); bytes.Equal(head, byteOrder) {
		_, _ = in.Discard(len(byteOrder)) // it was there to be seen
	}
	if first := firstLetter(in); first == '{' || first == '[' {
		return readJSON(name, in, notes, add)
	}
	return readLines(name, in, notes, add)
}

// firstLetter is the first byte that is no space.
func firstLetter(in *bufio.Reader) byte {
	for n := 1; n < 4096; n++ {
		b, err := in.Peek(n)
		if err != nil {
			return 0
		}
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(b[n-1])) {
			return b[n-1]
		}
	}
	return 0
}

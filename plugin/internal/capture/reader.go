package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gopacket/gopacket/pcapgo"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Reader reads a recording. It must not be used by two goroutines at a time.
// Use NewReader.
type Reader struct {
	blocks  blocks
	ng      *pcapgo.NgReader
	meta    Meta
	queries map[string]*rtnl.Query // of the dump under way, by namespace
	err     error
}

// NewReader reads the start of a recording. The error, like those of Next, says
// at which offset of the file what was found, and what was expected.
func NewReader(r io.Reader) (*Reader, error) {
	rd := &Reader{blocks: blocks{r: bufio.NewReaderSize(r, 64<<10)}, queries: map[string]*rtnl.Query{}}
	if err := rd.guard(rd.open); err != nil {
		return nil, rd.place(err)
	}
	return rd, nil
}

// Meta returns where the recording was made.
func (r *Reader) Meta() Meta { return r.meta }

// Classes returns the classes of Meta, known from the first record on.
func (r *Reader) Classes() []string {
	ifc, err := r.ng.Interface(0)
	if err != nil {
		return nil
	}
	list, _ := strings.CutPrefix(ifc.Description, describes)
	return strings.Fields(list)
}

// Next returns the next record, whose Data is the caller's. The error is io.EOF
// behind the last one. Any other error is final; what came before it is good.
func (r *Reader) Next() (rec Record, err error) {
	if r.err == nil {
		err = r.guard(func() error {
			rec, err = r.next()
			return err
		})
		if err != nil {
			r.err = r.place(err)
		}
	}
	if r.err != nil {
		return Record{}, r.err
	}
	return rec, nil
}

// guard calls fn and turns a panic of the library, which reads what anybody
// may have written, into an error.
func (r *Reader) guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged block: %v", p)
		}
	}()
	return fn()
}

// place adds the offset of the trouble to an error.
func (r *Reader) place(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return fmt.Errorf("offset %d: %w", r.blocks.offset, err)
}

// open reads the section header.
func (r *Reader) open() (err error) {
	if _, err := r.blocks.next(); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("an empty file, want a pcapng section header")
		}
		return err
	}
	r.ng, err = pcapgo.NewNgReader(&r.blocks, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		return fmt.Errorf("section header: %w", inBlock(err))
	}
	return r.section()
}

// section checks whose file this is.
func (r *Reader) section() error {
	info := r.ng.SectionInfo()
	name, version, _ := strings.Cut(info.Application, " ")
	if name != application {
		return fmt.Errorf("section written by %q, want one by %q", info.Application, application)
	}
	if want := format + ", " + byteOrder(); info.Comment != want {
		return fmt.Errorf("section is %q, want %q", info.Comment, want)
	}
	r.meta = Meta{Version: version, Kernel: strings.TrimPrefix(info.OS, "Linux ")}
	return nil
}

// next goes on to the next packet and reads it.
func (r *Reader) next() (Record, error) {
	for {
		typ, err := r.blocks.next()
		if err != nil {
			return Record{}, err
		}
		if typ == blockSection {
			return Record{}, errors.New("a second section, want one recording only")
		}
		before := r.ng.NInterfaces()
		data, ci, opts, err := r.ng.ReadPacketDataWithOptions()
		switch {
		case err == nil:
			return r.packet(data, ci.Timestamp.UnixNano(), ci.InterfaceIndex, ci.Length, opts.Comments)
		case !errors.Is(err, io.EOF): // that is the end of a block without a packet
			return Record{}, inBlock(err)
		case r.ng.NInterfaces() > before:
			if err := r.checkInterface(before); err != nil {
				return Record{}, err
			}
		}
	}
}

// inBlock says what running out of bytes within a block means.
func inBlock(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("block whose contents are longer than itself")
	}
	return err
}

// checkInterface refuses interfaces of other link types.
func (r *Reader) checkInterface(id int) error {
	ifc, err := r.ng.Interface(id)
	if err == nil && ifc.LinkType != linkTypeNetlink {
		err = fmt.Errorf("interface %q of link type %d, want NETLINK (%d)", ifc.Name, ifc.LinkType, linkTypeNetlink)
	}
	return err
}

// packet makes a record of a packet.
func (r *Reader) packet(data []byte, time int64, id, length int, comments []string) (Record, error) {
	ifc, err := r.ng.Interface(id)
	if err != nil {
		return Record{}, err
	}
	if length != len(data) {
		return Record{}, fmt.Errorf("packet cut at %d of %d bytes, want whole ones", len(data), length)
	}
	rec := Record{Time: time, Netns: ifc.Name}
	if rec.Data, err = cutHeader(data); err != nil {
		return Record{}, err
	}
	if len(comments) == 0 { // an event
		return rec, nil
	}
	if err := parseNote(comments[0], &rec); err != nil {
		return Record{}, err
	}
	if !hasData(rec.Kind) {
		rec.Data = nil // a stand-in
	}
	return rec, r.follow(&rec)
}

// follow keeps the query of the dump under way in a namespace and gives it to the
// records of the reply.
func (r *Reader) follow(rec *Record) error {
	switch rec.Kind {
	case rtnl.DumpBegin:
		q := rec.Query
		r.queries[rec.Netns] = &q
	case rtnl.DumpData, rtnl.DumpEnd:
		q := r.queries[rec.Netns]
		if q == nil {
			return fmt.Errorf("%s without a %s before it", kindNames[rec.Kind], kindNames[rtnl.DumpBegin])
		}
		rec.Query = *q
		if rec.Kind == rtnl.DumpEnd {
			delete(r.queries, rec.Netns)
		}
	}
	return nil
}

package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/pcapgo"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Writer appends records to a recording. It buffers; Flush before the file is
// closed. Once a write has failed, every call returns that error. A Writer
// must not be used by two goroutines at a time. Use NewWriter.
type Writer struct {
	ng         *pcapgo.NgWriter
	interfaces map[string]int // by namespace
	classes    []string
	packet     []byte // reused
	err        error
}

// NewWriter starts a recording on w.
func NewWriter(w io.Writer, meta Meta) (*Writer, error) {
	ng, err := pcapgo.NewNgWriterInterface(w, ifaceOf("", meta.Classes), pcapgo.NgWriterOptions{
		SectionInfo: pcapgo.NgSectionInfo{
			Hardware:    runtime.GOARCH,
			OS:          "Linux " + meta.Kernel,
			Application: application + " " + meta.Version,
			Comment:     format + ", " + byteOrder(),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start recording: %w", err)
	}
	return &Writer{ng: ng, interfaces: map[string]int{"": 0}, classes: meta.Classes}, nil
}

// ifaceOf describes a namespace. Times are in nanoseconds.
func ifaceOf(netns string, classes []string) pcapgo.NgInterface {
	description := strings.TrimSpace(describes + " " + strings.Join(classes, " "))
	return pcapgo.NgInterface{Name: netns, Description: description, LinkType: linkTypeNetlink}
}

// describes begins the description of an interface, before the classes.
const describes = "rtnetlink"

// byteOrder names the order of the machine, which is that of the messages.
func byteOrder() string {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return "little endian"
	}
	return "big endian"
}

// Write appends r. It does not keep r.Data.
func (w *Writer) Write(r Record) error {
	if w.err == nil {
		w.err = w.write(&r)
	}
	return w.err
}

func (w *Writer) write(r *Record) error {
	comment, err := noteOf(r)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	id, err := w.iface(r.Netns)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	var opts pcapgo.NgPacketOptions
	if comment != "" {
		opts.Comments = []string{comment}
	}
	w.packet = append(appendHeader(w.packet[:0]), payload(r)...)
	if len(w.packet)+len(comment) > maxBlock/2 {
		return fmt.Errorf("record: a datagram of %d bytes is too long", len(r.Data))
	}
	ci := gopacket.CaptureInfo{
		Timestamp: time.Unix(0, r.Time), InterfaceIndex: id,
		CaptureLength: len(w.packet), Length: len(w.packet),
	}
	if err := w.ng.WritePacketWithOptions(ci, w.packet, opts); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// iface returns the number of the namespace's interface, describing it first
// if need be.
func (w *Writer) iface(netns string) (int, error) {
	if id, ok := w.interfaces[netns]; ok {
		return id, nil
	}
	if len(netns) > maxNetns {
		return 0, fmt.Errorf("a namespace's name of %d bytes is too long", len(netns))
	}
	id, err := w.ng.AddInterface(ifaceOf(netns, w.classes))
	if err == nil {
		w.interfaces[netns] = id
	}
	return id, err
}

// maxNetns bounds a namespace's name, which may be a path (PATH_MAX,
// uapi/linux/limits.h).
const maxNetns = 4096

// Namer names the process behind a port id of a message that was seen at a time,
// in ns since the epoch; empty where it is not known.
type Namer func(port uint32, seen int64) string

// WriteItem appends the records of an item from the queue, whose source is the
// namespace netns. The processes behind events are as name has them; nil: nobody
// is known.
func (w *Writer) WriteItem(netns string, it rtnl.Item, name Namer) error {
	r := Record{
		Time: it.Time, Netns: netns, Kind: it.Kind, Data: it.Data,
		Query: it.Query, Interrupted: it.Interrupted, Err: it.Err,
	}
	if it.Kind != rtnl.Events {
		return w.Write(r)
	}
	start := 0
	for _, m := range it.Marks {
		r.Time, r.Data = m.Time, it.Data[start:m.End]
		r.Processes = processesOf(r.Data, r.Time, name)
		if err := w.Write(r); err != nil {
			return err
		}
		start = m.End
	}
	return nil
}

// processesOf names the processes behind the messages of a datagram.
func processesOf(data []byte, seen int64, name Namer) (out map[uint32]string) {
	if name == nil {
		return nil
	}
	eachPort(data, func(port uint32) {
		who := name(port, seen)
		if who == "" || len(who) > maxProcessName || len(out) == maxProcesses {
			return
		}
		if out == nil {
			out = map[uint32]string{}
		}
		out[port] = who
	})
	return out
}

// Ports calls f for the port ids of the requesters behind r, if they have one.
func (r Record) Ports(f func(port uint32)) {
	if r.Kind == rtnl.Events {
		eachPort(r.Data, f)
	}
}

func eachPort(data []byte, f func(port uint32)) {
	for len(data) > 0 {
		m, rest, err := rtnl.Next(data)
		if err != nil {
			return // the mirror says so
		}
		if m.PID != 0 {
			f(m.PID)
		}
		data = rest
	}
}

// Flush hands everything written so far to the underlying writer.
func (w *Writer) Flush() error {
	if w.err == nil {
		if err := w.ng.Flush(); err != nil {
			w.err = fmt.Errorf("record: %w", err)
		}
	}
	return w.err
}

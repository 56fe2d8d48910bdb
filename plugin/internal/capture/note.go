package capture

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// kindNames are the kinds as notes spell them. Events have a note only where
// processes are known.
var kindNames = [...]string{
	rtnl.Events:    "events",
	rtnl.DumpBegin: "dump begin",
	rtnl.DumpData:  "dump data",
	rtnl.DumpEnd:   "dump end",
	rtnl.Overrun:   "overrun",
	rtnl.Failed:    "failed",
	rtnl.Gone:      "gone",
}

// note is the comment of a packet.
type note struct {
	Kind        string        `json:"kind"`
	About       string        `json:"about,omitempty"` // the query, for human readers
	Query       *query        `json:"query,omitempty"` // on "dump begin"; what follows belongs to it
	Interrupted bool          `json:"interrupted,omitempty"`
	Error       string        `json:"error,omitempty"`
	Errno       syscall.Errno `json:"errno,omitempty"`

	Processes map[uint32]string `json:"processes,omitempty"` // on "events", by port id
}

// query names the class, whose number is the program's own affair.
type query struct {
	Object string
	rtnl.Query
}

// maxErrorText keeps a comment below the 64 KiB of a pcapng option.
const maxErrorText = 1 << 10

// Bounds of the processes of a datagram, for the same reason.
const (
	maxProcesses   = 100
	maxProcessName = 64 // the kernel's have 15 (TASK_COMM_LEN)
)

// noteOf returns the comment for r, empty for events of nobody that is known.
func noteOf(r *Record) (string, error) {
	if r.Kind == rtnl.Events {
		return processNote(r.Processes)
	}
	if int(r.Kind) >= len(kindNames) {
		return "", fmt.Errorf("unknown kind of item %d", r.Kind)
	}
	n := note{Kind: kindNames[r.Kind], Interrupted: r.Interrupted}
	if r.Kind == rtnl.DumpBegin {
		n.Query, n.About = &query{r.Query.Object.String(), r.Query}, r.Query.String()
	}
	if r.Err != nil {
		text := r.Err.Error()
		n.Error = text[:min(len(text), maxErrorText)]
		errors.As(r.Err, &n.Errno)
	}
	b, err := json.Marshal(n)
	return string(b), err
}

func processNote(names map[uint32]string) (string, error) {
	if len(names) == 0 {
		return "", nil
	}
	if err := checkProcesses(names); err != nil {
		return "", err
	}
	b, err := json.Marshal(note{Kind: kindNames[rtnl.Events], Processes: names})
	return string(b), err
}

func checkProcesses(names map[uint32]string) error {
	if len(names) > maxProcesses {
		return fmt.Errorf("%d processes of a datagram, want %d at most", len(names), maxProcesses)
	}
	for _, name := range names {
		if len(name) > maxProcessName {
			return fmt.Errorf("process name %.80q, want %d bytes at most", name, maxProcessName)
		}
	}
	return nil
}

// parseNote fills in r from its comment. The query of a dump's data and end
// is the caller's to know.
func parseNote(comment string, r *Record) error {
	var n note
	d := json.NewDecoder(strings.NewReader(comment))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return fmt.Errorf("comment %.80q: %w", comment, err)
	}
	kind, ok := parseKind(n.Kind)
	if !ok {
		return fmt.Errorf("comment of unknown kind %.80q", n.Kind)
	}
	if kind == rtnl.Events {
		if len(n.Processes) > 0 {
			r.Processes = n.Processes
		}
		return checkProcesses(n.Processes)
	}
	r.Kind, r.Interrupted = kind, n.Interrupted
	if n.Error != "" || n.Errno != 0 {
		r.Err = &recordedError{n.Error, n.Errno}
	}
	if kind != rtnl.DumpBegin {
		return nil
	}
	if n.Query == nil {
		return fmt.Errorf("comment %.80q without a query", comment)
	}
	r.Query = n.Query.Query
	if r.Query.Object, ok = rtnl.ParseObject(n.Query.Object); !ok {
		return fmt.Errorf("query for unknown class %.80q", n.Query.Object)
	}
	return nil
}

func parseKind(name string) (rtnl.Kind, bool) {
	for k, s := range kindNames {
		if s == name && s != "" {
			return rtnl.Kind(k), true
		}
	}
	return 0, false
}

// recordedError is an error read back.
type recordedError struct {
	text  string
	errno syscall.Errno
}

func (e *recordedError) Error() string { return e.text }

func (e *recordedError) Unwrap() error {
	if e.errno == 0 {
		return nil
	}
	return e.errno
}

// hasData reports whether items of kind k carry a datagram.
func hasData(k rtnl.Kind) bool { return k == rtnl.Events || k == rtnl.DumpData }

// payload returns the netlink messages of r's packet. An item without a
// datagram gets an empty message, which says as much as netlink can.
func payload(r *Record) []byte {
	switch {
	case hasData(r.Kind):
		return r.Data
	case r.Kind == rtnl.Overrun:
		return emptyMessage(unix.NLMSG_OVERRUN, 0)
	case r.Kind == rtnl.DumpEnd && r.Interrupted:
		return emptyMessage(unix.NLMSG_DONE, unix.NLM_F_DUMP_INTR)
	case r.Kind == rtnl.DumpEnd:
		return emptyMessage(unix.NLMSG_DONE, 0)
	}
	return emptyMessage(unix.NLMSG_NOOP, 0)
}

// emptyMessage is a struct nlmsghdr (uapi/linux/netlink.h), for NLMSG_DONE
// with the status that belongs to it.
func emptyMessage(typ, flags uint16) []byte {
	size := unix.SizeofNlMsghdr
	if typ == unix.NLMSG_DONE {
		size += 4
	}
	b := make([]byte, size)
	binary.NativeEndian.PutUint32(b, uint32(size))
	binary.NativeEndian.PutUint16(b[4:], typ)
	binary.NativeEndian.PutUint16(b[6:], flags)
	return b
}

// Package capture writes the items of rtnetlink streams to pcapng files and
// reads them back, so that what a mirror has seen can be shown to it again.
//
// # Format
//
// A file is one pcapng section with an interface for each network namespace,
// of link type NETLINK (253): a cooked header of 16 bytes, then netlink
// messages in the order of the machine that recorded them, as Wireshark reads
// them from an nlmon device. The namespace's name is the interface's name; the
// process's own namespace has none.
//
// A packet without a comment is a datagram of the event socket, as is one whose
// comment names the processes behind it. Every other
// kind of item has a comment, a line of JSON that says what a datagram cannot:
// the query that a reply belongs to, how it ended. Where an item has no
// datagram, the packet is an empty NLMSG_NOOP, NLMSG_OVERRUN or NLMSG_DONE.
//
// # Order
//
// The order of the packets is the order of the items in the queue, across all
// namespaces; times are as they were read and need not ascend.
package capture

import (
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Record is one element of a stream: an rtnl.Item with one datagram at most.
type Record struct {
	Time  int64  // ns since the epoch: when the datagram was read or the item put
	Netns string // name of the namespace; empty for the process's own
	Kind  rtnl.Kind
	Data  []byte     // the datagram, on Events and DumpData
	Query rtnl.Query // on DumpBegin, DumpData and DumpEnd
	// Interrupted is set on DumpEnd when the kernel said NLM_F_DUMP_INTR.
	Interrupted bool
	// Err is why a dump ended early, or a source failed. As read back it has the
	// text of the original and wraps its syscall.Errno, if it had one.
	Err error
	// Processes names, by port id, the programs that asked for the changes on
	// Events, where they were known. The reader's is the caller's.
	Processes map[uint32]string
}

// Item returns r as an item of source. It shares r's Data.
func (r Record) Item(source int) rtnl.Item {
	it := rtnl.Item{
		Source: source, Kind: r.Kind, Data: r.Data, Time: r.Time,
		Query: r.Query, Interrupted: r.Interrupted, Err: r.Err,
	}
	if r.Kind == rtnl.Events {
		it.Time, it.Marks = 0, []rtnl.Mark{{End: len(r.Data), Time: r.Time}}
	}
	return it
}

// Meta says where a recording was made.
type Meta struct {
	Version string // of the program
	Kernel  string // release, as uname -r prints it
	// Classes names the classes of objects that were recorded, and parts of them
	// that have not always been (rtnl.Query.Part); nil: the classes that
	// there were before recordings said so.
	Classes []string
}

// What the section header says. The reader accepts no other files: a capture
// of nlmon0 has requests and answers of every process, in no order that a
// mirror could follow.
const (
	application = "telegraf-rtnetlink"
	format      = "rtnetlink recording 1"
)

// maxBlock bounds a pcapng block, in bytes: far above the longest datagram.
const maxBlock = 16 << 20

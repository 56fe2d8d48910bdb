package rtnl

import (
	"encoding/binary"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

func TestMain(m *testing.M) {
	nstest.Enter()
	goleak.VerifyTestMain(m)
}

// message encodes one netlink message.
func message(m Message) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(m.Body)))
	b = binary.NativeEndian.AppendUint16(b, m.Type)
	b = binary.NativeEndian.AppendUint16(b, m.Flags)
	b = binary.NativeEndian.AppendUint32(b, m.Seq)
	b = binary.NativeEndian.AppendUint32(b, m.PID)
	b = append(b, m.Body...)
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

// messages encodes a datagram.
func messages(list ...Message) (b []byte) {
	for _, m := range list {
		b = append(b, message(m)...)
	}
	return b
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// errno is the body of NLMSG_ERROR and NLMSG_DONE.
func errno(e unix.Errno) []byte { return u32(uint32(-int32(e))) }

// attr encodes one attribute.
func attr(typ uint16, payload []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(unix.SizeofNlAttr+len(payload)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), payload...)
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

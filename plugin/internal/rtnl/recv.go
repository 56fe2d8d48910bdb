package rtnl

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// receiver reads one datagram from fd into b without blocking: its length
// (which may exceed len(b): then it was cut) and the sender's port, 0 for the
// kernel. netlink.Conn tells neither, and allocates for each message.
type receiver func(fd uintptr, b []byte) (n int, port uint32, err error)

// recv is the receiver of a real socket (recvfrom(2), netlink(7)). On a query
// socket it goes on with the dump, which can wait for a lock: the scheduler has
// to know.
func recv(fd uintptr, b []byte) (int, uint32, error) {
	var from unix.RawSockaddrNetlink
	size := uint32(unsafe.Sizeof(from))
	n, _, errno := syscall.Syscall6(unix.SYS_RECVFROM, fd,
		uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)),
		unix.MSG_DONTWAIT|unix.MSG_TRUNC,
		uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return 0, 0, errno
	}
	return int(n), from.Pid, nil
}

// drops returns how many datagrams the kernel has dropped on fd so far
// (SO_MEMINFO, sk_drops).
func drops(fd uintptr) (uint32, error) {
	var info [9]uint32 // SK_MEMINFO_VARS, uapi/linux/sock_diag.h; the last is SK_MEMINFO_DROPS
	size := uint32(unsafe.Sizeof(info))
	_, _, errno := syscall.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return 0, errno
	}
	return info[8], nil
}

package rtnl

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// taken returns the bytes of the receive buffer that hold messages.
func taken(t *testing.T, c *netlink.Conn) int {
	t.Helper()
	raw, err := c.SyscallConn()
	require.NoError(t, err)
	var info [9]uint32 // SK_MEMINFO_VARS of linux/sock_diag.h; SK_MEMINFO_RMEM_ALLOC is the first
	size := uint32(unsafe.Sizeof(info))
	var errno unix.Errno
	require.NoError(t, raw.Control(func(fd uintptr) {
		_, _, errno = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	}))
	require.Zero(t, errno)
	return int(info[0])
}

// TestWhatAChangeTakesOfTheReceiveBuffer while nobody reads: what the guide sizes
// the buffer by. It is the kernel's business, so between bounds.
func TestWhatAChangeTakesOfTheReceiveBuffer(t *testing.T) {
	ns := nstest.New(t)
	c, err := ns.Dial()
	require.NoError(t, err)
	defer c.Close()
	watch := func(group uint32) *netlink.Conn {
		w, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: ns.FD()})
		require.NoError(t, err)
		t.Cleanup(func() { _ = w.Close() })
		require.NoError(t, w.JoinGroup(group))
		return w
	}
	const n = 20 // of which no buffer overflows
	byRoute, byLink := watch(unix.RTNLGRP_IPV4_ROUTE), watch(unix.RTNLGRP_LINK)
	_, err = c.Batch(routes(t, c, "add", n))
	require.NoError(t, err)
	for i := range n {
		ns.Run(fmt.Sprintf("link add a%d type veth peer name b%d", i, i))
	}
	perRoute, all := taken(t, byRoute)/n, taken(t, byLink)
	links := 0
	for taken(t, byLink) > 0 {
		messages, err := byLink.Receive()
		require.NoError(t, err)
		links += len(messages)
	}
	perLink := all / links
	t.Logf("%d bytes a route, %d a link", perRoute, perLink)
	require.InDelta(t, 832, perRoute, 320)
	require.InDelta(t, 2300, perLink, 1200)
}

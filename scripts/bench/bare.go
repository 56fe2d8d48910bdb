package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// receiveBuffer is what the bare loop asks for, the input's default.
const receiveBuffer = 64 << 20

// Groups that a socket joins (uapi/linux/rtnetlink.h).
var (
	routeGroups = []int{unix.RTNLGRP_IPV4_ROUTE, unix.RTNLGRP_IPV6_ROUTE}
	linkGroups  = []int{unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV6_IFADDR}
)

// open returns a socket that is a member of groups.
func open(groups ...int) (int, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return 0, fmt.Errorf("netlink socket: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer); err != nil {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer); err != nil {
			return 0, fmt.Errorf("receive buffer: %w", err)
		}
	}
	to := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	for _, g := range groups {
		to.Groups |= 1 << (g - 1)
	}
	return fd, unix.Bind(fd, to)
}

// receive reads datagrams and calls each for the messages in them until it
// returns false.
func receive(fd int, each func(typ uint16, body []byte) bool) error {
	buf := make([]byte, 64<<10)
	for {
		n, _, _, _, err := unix.Recvmsg(fd, buf, nil, 0)
		if err != nil {
			return err
		}
		for b := buf[:n]; len(b) >= unix.SizeofNlMsghdr; {
			size := int(binary.NativeEndian.Uint32(b))
			if !each(binary.NativeEndian.Uint16(b[4:]), b[unix.SizeofNlMsghdr:size]) {
				return nil
			}
			b = b[min((size+3)&^3, len(b)):]
		}
	}
}

// bareDump reads all routes of a family and keeps none.
func bareDump(v6 bool) error {
	fd, err := open()
	if err != nil {
		return err
	}
	b := make([]byte, unix.SizeofNlMsghdr+unix.SizeofRtMsg)
	binary.NativeEndian.PutUint32(b, uint32(len(b)))
	binary.NativeEndian.PutUint16(b[4:], unix.RTM_GETROUTE)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	b[unix.SizeofNlMsghdr] = unix.AF_INET
	if v6 {
		b[unix.SizeofNlMsghdr] = unix.AF_INET6
	}
	if err := unix.Sendto(fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	n := 0
	err = receive(fd, func(typ uint16, _ []byte) bool {
		n++
		return typ != unix.NLMSG_DONE
	})
	if err != nil {
		return err
	}
	say("complete")
	say("routes %d heap 0", n-1)
	untilEnd(func() {})
	return nil
}

// bareEvents counts events about routes, in the own namespace or in those named.
func bareEvents(paths []string) error {
	fds, err := openAll(paths)
	if err != nil {
		return err
	}
	say("ready")
	var events, overruns atomic.Int64
	for _, fd := range fds {
		go count(fd, &events, &overruns)
	}
	untilEnd(func() {
		problem := "none"
		if n := overruns.Load(); n > 0 {
			problem = fmt.Sprintf("%d overruns", n)
		}
		say("events %d error %s", events.Load(), problem)
	})
	return nil
}

// bareEverything counts events about links, addresses and routes, and tells when
// the last came.
func bareEverything() error {
	fd, err := open(append(linkGroups, routeGroups...)...)
	if err != nil {
		return err
	}
	say("ready")
	var events, last atomic.Int64
	go func() {
		_ = receive(fd, func(uint16, []byte) bool { // until the end of the process
			events.Add(1)
			last.Store(time.Now().UnixNano())
			return true
		})
	}()
	untilEnd(func() { say("events %d last %d error none", events.Load(), last.Load()) })
	return nil
}

// count counts what comes until the socket fails.
func count(fd int, events, overruns *atomic.Int64) {
	for {
		err := receive(fd, func(uint16, []byte) bool {
			events.Add(1)
			return true
		})
		if !errors.Is(err, unix.ENOBUFS) {
			return
		}
		overruns.Add(1)
	}
}

// bareLines prints the prefix of each new route, at once.
func bareLines() error {
	fd, err := open(routeGroups...)
	if err != nil {
		return err
	}
	say("ready")
	go func() {
		untilEnd(func() {})
		os.Exit(0)
	}()
	out := bufio.NewWriter(os.Stdout)
	return receive(fd, func(typ uint16, body []byte) bool {
		if dst, ok := prefix(body); ok && typ == unix.RTM_NEWROUTE {
			fmt.Fprintln(out, dst)
			_ = out.Flush()
		}
		return true
	})
}

// prefix returns the destination of an IPv4 route.
func prefix(body []byte) (netip.Prefix, bool) {
	for b := body[unix.SizeofRtMsg:]; len(b) >= 8; {
		size := int(binary.NativeEndian.Uint16(b))
		if binary.NativeEndian.Uint16(b[2:]) == unix.RTA_DST && size == 8 {
			return netip.PrefixFrom(netip.AddrFrom4([4]byte(b[4:8])), int(body[1])), true
		}
		b = b[min((size+3)&^3, len(b)):]
	}
	return netip.Prefix{}, false
}

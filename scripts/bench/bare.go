package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// receiveBuffer is what the bare loop asks for, the input's default.
const receiveBuffer = 64 << 20

// open returns a socket that is a member of the groups of routes, if asked for.
func open(member bool) (int, error) {
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
	if member {
		to.Groups = 1<<(unix.RTNLGRP_IPV4_ROUTE-1) | 1<<(unix.RTNLGRP_IPV6_ROUTE-1)
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
	fd, err := open(false)
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

// bareEvents counts events about routes.
func bareEvents() error {
	fd, err := open(true)
	if err != nil {
		return err
	}
	say("ready")
	var events, overruns atomic.Int64
	go func() {
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
	}()
	untilEnd(func() {
		problem := "none"
		if n := overruns.Load(); n > 0 {
			problem = fmt.Sprintf("%d overruns", n)
		}
		say("events %d error %s", events.Load(), problem)
	})
	return nil
}

// bareLines prints the prefix of each new route, at once.
func bareLines() error {
	fd, err := open(true)
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

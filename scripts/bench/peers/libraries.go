package main

import (
	"errors"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	vnetlink "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// groups has the bits of RTNLGRP_IPV4_ROUTE and RTNLGRP_IPV6_ROUTE.
const groups = 1<<(unix.RTNLGRP_IPV4_ROUTE-1) | 1<<(unix.RTNLGRP_IPV6_ROUTE-1)

// mdlayher is github.com/mdlayher/netlink with ReceiveIter and a buffer of its
// own: the fastest it offers. It does not decode.
type mdlayher struct{}

func dialMdlayher(groups uint32) (*netlink.Conn, error) {
	return netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{Groups: groups, MessageBufferSize: 64 << 10})
}

func (mdlayher) dump(family uint8) (any, int, error) {
	c, err := dialMdlayher(0)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	_, err = c.Send(netlink.Message{
		Header: netlink.Header{Type: unix.RTM_GETROUTE, Flags: netlink.Request | netlink.Dump},
		Data:   append([]byte{family}, make([]byte, unix.SizeofRtMsg-1)...),
	})
	if err != nil {
		return nil, 0, err
	}
	var routes []netlink.Message
	for m, err := range c.ReceiveIter() {
		if err != nil {
			return nil, 0, err
		}
		routes = append(routes, m)
	}
	return routes, len(routes), nil
}

func (mdlayher) subscribe(c *counts) error {
	conn, err := dialMdlayher(groups)
	if err != nil {
		return err
	}
	close(c.ready)
	for {
		for _, err := range conn.ReceiveIter() {
			if err := c.count(1, err); err != nil {
				return err
			}
		}
	}
}

// count notes n events, or an error: an overrun is noted and survived, since a
// plain loop around Receive can do that.
func (c *counts) count(n int, err error) error {
	switch {
	case err == nil:
		c.events.Add(int64(n))
	case errors.Is(err, unix.ENOBUFS):
		c.fail(err)
	default:
		return err
	}
	return nil
}

// jsimonetti is github.com/jsimonetti/rtnetlink: Route.List and Receive.
type jsimonetti struct{}

func (jsimonetti) dump(family uint8) (any, int, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	routes, err := c.Route.ListMatch(&rtnetlink.RouteMessage{Family: family})
	return routes, len(routes), err
}

func (jsimonetti) subscribe(c *counts) error {
	conn, err := rtnetlink.Dial(&netlink.Config{Groups: groups})
	if err != nil {
		return err
	}
	close(c.ready)
	for {
		messages, _, err := conn.Receive()
		if err := c.count(len(messages), err); err != nil {
			return err
		}
	}
}

// vishvananda is github.com/vishvananda/netlink: RouteList and RouteSubscribe.
type vishvananda struct{}

func (vishvananda) dump(family uint8) (any, int, error) {
	routes, err := vnetlink.RouteList(nil, int(family))
	return routes, len(routes), err
}

func (vishvananda) subscribe(c *counts) error {
	updates := make(chan vnetlink.RouteUpdate, 1024)
	err := vnetlink.RouteSubscribeWithOptions(updates, nil, vnetlink.RouteSubscribeOptions{ErrorCallback: c.fail})
	if err != nil {
		return err
	}
	close(c.ready)
	for range updates {
		c.events.Add(1)
	}
	return nil
}

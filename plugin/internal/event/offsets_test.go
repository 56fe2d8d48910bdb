package event

import "telegraf-rtnetlink/plugin/internal/rtnl"

// Offsets as the kernel's headers have them, for bodies made by hand. rtnl has
// its own idea of them.
const (
	familyOff = 0 // every structure

	ifiType  = 2 // struct ifinfomsg
	ifiFlags = 8

	ifaFlags = 2 // struct ifaddrmsg

	rtmDstLen   = 1 // struct rtmsg
	rtmTable    = 4
	rtmProtocol = 5
	rtmScope    = 6
	rtmType     = 7
	rtmFlags    = 8

	frhAction = 7 // struct fib_rule_hdr
	frhFlags  = 8

	indexOff = 4 // struct ndmsg
	ndmState = 8
	ndmFlags = 10

	rtaNHID = rtnl.RTANexthop
)

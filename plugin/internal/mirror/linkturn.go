package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkTurn is a link that has changed, and is the same device as before.
type linkTurn struct {
	index   uint32
	was, is []byte
	domain  uint32 // the VRF that it was in
}

func (t linkTurn) before() uint32 { return rtnl.LinkMsg(t.was).Flags() }

func (t linkTurn) now() uint32 { return rtnl.LinkMsg(t.is).Flags() }

// carrierTurned reports whether its carrier has come or gone, up or not.
func (t linkTurn) carrierTurned() bool {
	return rtnl.Uint8(linkAttr(t.was, unix.IFLA_CARRIER)) != rtnl.Uint8(linkAttr(t.is, unix.IFLA_CARRIER))
}

// setDown and setUp report what has been done to it.
func (t linkTurn) setDown() bool { return t.before()&^t.now()&unix.IFF_UP != 0 }

func (t linkTurn) setUp() bool { return t.now()&^t.before()&unix.IFF_UP != 0 }

const carrierFlags = unix.IFF_RUNNING | unix.IFF_LOWER_UP

// ready reports whether it has come to have a carrier, and is up.
func (t linkTurn) ready() bool {
	return t.before()&carrierFlags != carrierFlags && t.now()&carrierFlags == carrierFlags && t.now()&unix.IFF_UP != 0
}

func (t linkTurn) noCarrier() bool { return t.now()&carrierFlags == 0 }

// turned reports whether a bridge has set something anew.
func (t linkTurn) turned(settings ...uint16) bool {
	was, is := bridgeSettings(t.was), bridgeSettings(t.is)
	for _, typ := range settings {
		if !bytes.Equal(was.Get(typ), is.Get(typ)) {
			return true
		}
	}
	return false
}

// bridgeSettings are what a bridge says of itself, none of another link.
func bridgeSettings(link []byte) rtnl.Attrs {
	info := rtnl.LinkMsg(link).Info()
	if string(info.Kind) != "bridge" {
		return nil
	}
	return info.Data
}

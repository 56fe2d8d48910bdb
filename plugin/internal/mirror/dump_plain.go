package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Nearly all records of a large dump are of routes that are held as they come, that
// are counted by their path alone, and that are the only ones of their key. What
// record and settle do comes down to little for those, and what is needed of a
// record is read once (BenchmarkRecord).

// plainRoute takes a record of such a route, as Record does, and reports whether
// body is one. Whether its key has others shows later.
func (d *dump) plainRoute(body []byte) bool {
	p, dst, ok := plainPath(body)
	if s := d.s; !ok || !s.keep(rtnl.Route, body) || !s.shows(rtnl.Route, body) || !d.asks(body) {
		return false
	}
	d.next = append(d.next[:0], body[:4]...) // as routeKey
	d.next = append(appendUint32(appendUint32(d.next, p.table), p.metric), dst...)
	if len(d.ends) > 0 && !bytes.Equal(d.key, d.next) {
		d.settle()
	}
	d.plain, d.path = len(d.ends) == 0, p
	d.append(body)
	return true
}

// plainPath returns path and destination of a route of IPv4 or IPv6 that is held as
// it comes and has nothing else to be looked for by, as pathOf does.
func plainPath(body []byte) (p path, dst []byte, ok bool) {
	if len(body) < unix.SizeofRtMsg || len(body) > objtable.MaxBody || !ownRoute(body) || !ofIP(body) {
		return p, nil, false
	}
	m := rtnl.RouteMsg(body)
	p = path{family: m.Family(), len: m.DstLen(), slen: m.SrcLen(), protocol: m.Protocol(), kind: m.Type(),
		table: uint32(rtnl.RouteTable.Uint8(body)), shown: true}
	if p.family == unix.AF_INET {
		p.slen = m.TOS()
	}
	met := attrSet(0)
	for a := body[unix.SizeofRtMsg:]; len(a) >= unix.SizeofNlAttr; {
		n, typ := int(rtnl.Uint16(a)), rtnl.Uint16(a[2:])
		if n < unix.SizeofNlAttr || n > len(a) || met.has(typ) || !plain.has(typ) {
			return p, nil, false
		}
		met |= 1 << typ
		payload := a[unix.SizeofNlAttr:n]
		switch typ {
		case unix.RTA_DST:
			dst = payload
		case unix.RTA_TABLE:
			p.table = rtnl.Uint32(payload)
		case unix.RTA_PRIORITY:
			p.metric = rtnl.Uint32(payload)
		case unix.RTA_OIF:
			p.oif = rtnl.Uint32(payload)
		case unix.RTA_CACHEINFO:
			if rtnl.ExpiresIn(payload) != 0 {
				return p, nil, false
			}
		}
		a = a[min((n+3)&^3, len(a)):]
	}
	return p, dst, p.oif != 0 && p.len != 0
}

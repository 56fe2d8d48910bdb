package event

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Decoders of payloads that several kinds of links have.

func byte8(_ *View, b []byte) Value   { return num(rtnl.Uint8(b)) }
func half16(_ *View, b []byte) Value  { return num(rtnl.Uint16(b)) }
func word32(_ *View, b []byte) Value  { return num(rtnl.Uint32(b)) }
func word64(_ *View, b []byte) Value  { return num(int64(rtnl.Uint64(b))) }
func int32s(_ *View, b []byte) Value  { return signed32(b) }
func yes8(_ *View, b []byte) Value    { return truth(rtnl.Uint8(b) != 0) }
func macAddr(_ *View, b []byte) Value { return str(formatHardware(b)) }
func netPort(_ *View, b []byte) Value { return networkShort(b) }
func there(*View, []byte) Value       { return truth(true) }

// anyAddr leaves out the address of nothing but zeros, which stands for any.
func anyAddr(_ *View, b []byte) Value {
	for _, c := range b {
		if c != 0 {
			return str(formatAddr(b))
		}
	}
	return Value{}
}

// linkOf is the name of a link, absent for none.
func linkOf(v *View, b []byte) Value {
	if index := rtnl.Uint32(b); index != 0 {
		return str(v.linkName(index))
	}
	return Value{}
}

// words8, words16 and words32 are words by number.
func words8(list []string) decoder {
	return func(_ *View, b []byte) Value { return str(wordOf(list, rtnl.Uint8(b))) }
}

func words16(list []string) decoder {
	return func(_ *View, b []byte) Value { return str(wordOf(list, rtnl.Uint16(b))) }
}

func words32(list []string) decoder {
	return func(_ *View, b []byte) Value { return str(wordOf(list, rtnl.Uint32(b))) }
}

// hex16, hex32 print a number as C's %#x does.
func hex16(_ *View, b []byte) Value { return str(hexadecimal(uint32(rtnl.Uint16(b)))) }
func hex32(_ *View, b []byte) Value { return str(hexadecimal(rtnl.Uint32(b))) }

// within decodes an attribute within the payload.
func within(typ uint16, decode decoder) decoder {
	return func(v *View, b []byte) Value {
		if p := rtnl.Attrs(b).Get(typ); p != nil {
			return decode(v, p)
		}
		return Value{}
	}
}

// listed prints each attribute within the payload, comma-joined. Where text
// appends nothing it is left out.
func listed(text func(dst, payload []byte) []byte) decoder {
	return func(_ *View, b []byte) Value {
		var list []byte
		for attrs := rtnl.Attrs(b); ; {
			_, payload, rest, ok := attrs.Next()
			if !ok {
				return str(string(list))
			}
			before := len(list)
			list = text(appendSep(list, ','), payload)
			if n := len(list); n > 0 && n == before+1 && list[n-1] == ',' {
				list = list[:before]
			}
			attrs = rest
		}
	}
}

// anyHost appends an address that is not any.
func anyHost(dst, b []byte) []byte {
	if anyAddr(nil, b) == (Value{}) {
		return dst
	}
	return appendAddr(dst, b)
}

// bridgeID prints struct ifla_bridge_id as ip does, "8000.2:0:0:0:0:20": the
// priority with zeros in front, the address without (ether_ntoa(3)).
func bridgeID(_ *View, b []byte) Value {
	if len(b) < 8 {
		return Value{}
	}
	var buf [32]byte
	s := append(hex.AppendEncode(buf[:0], b[:2]), '.')
	for i, c := range b[2:8] {
		if i > 0 {
			s = append(s, ':')
		}
		s = strconv.AppendUint(s, uint64(c), 16)
	}
	return str(string(s))
}

// ethertype prints a protocol of VLANs in network order as ip does.
func ethertype(_ *View, b []byte) Value {
	if len(b) < 2 {
		return Value{}
	}
	switch n := binary.BigEndian.Uint16(b); n {
	case 0x8100: // ETH_P_8021Q, uapi/linux/if_ether.h
		return str("802.1Q")
	case 0x88a8: // ETH_P_8021AD
		return str("802.1ad")
	default:
		return str(hexadecimal(uint32(n)))
	}
}

// ttl is a number, 0 being "inherit" where a kind says so.
func ttl(zero string) decoder {
	return func(_ *View, b []byte) Value {
		if n := rtnl.Uint8(b); n != 0 {
			return str(decimal(n))
		}
		return str(zero)
	}
}

// tos is "inherit" for 1, or hex.
func tos(_ *View, b []byte) Value {
	switch n := rtnl.Uint8(b); n {
	case 0:
		return Value{}
	case 1:
		return str("inherit")
	default:
		return str(hexadecimal(uint32(n)))
	}
}

// tunnelKey prints a key of 32 bits in network order as an address, as ip does.
func tunnelKey(_ *View, b []byte) Value {
	if len(b) < 4 {
		return Value{}
	}
	return str(formatAddr(b[:4]))
}

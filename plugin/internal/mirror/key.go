package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

// clearBits clears bits of a 32-bit number in the machine's order, in place.
func clearBits(b []byte, bits uint32) {
	rtnl.PutUint32(b, rtnl.Uint32(b)&^bits)
}

func appendUint32(dst []byte, v uint32) []byte {
	return append(dst, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

// appendNumber appends an attribute's payload of 16 or 32 bits, or its absence.
func appendNumber(dst, p []byte) []byte {
	dst = append(dst, byte(len(p)))
	switch len(p) {
	case 0:
		return dst
	case 2:
		return appendUint32(dst, uint32(rtnl.Uint16(p)))
	}
	return appendUint32(dst, rtnl.Uint32(p))
}

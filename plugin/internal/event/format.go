package event

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"strconv"
)

// decimal prints a number that has no name.
func decimal[T uint8 | uint16 | uint32](n T) string { return strconv.FormatUint(uint64(n), 10) }

// appendAddr appends an IP address as inet_ntop(3) prints it. Bytes of another
// length than an address has are appended in hex.
func appendAddr(dst, b []byte) []byte {
	switch len(b) {
	case 4:
		return netip.AddrFrom4([4]byte(b)).AppendTo(dst)
	case 16:
		if v4Compatible(b) {
			return netip.AddrFrom4([4]byte(b[12:])).AppendTo(append(dst, "::"...))
		}
		return netip.AddrFrom16([16]byte(b)).AppendTo(dst)
	}
	return hex.AppendEncode(dst, b)
}

// v4Compatible reports whether an IPv6 address is ::a.b.c.d, with a.b not 0.0:
// the C library prints those in dotted form, netip does not.
func v4Compatible(b []byte) bool {
	return binary.BigEndian.Uint64(b) == 0 && binary.BigEndian.Uint32(b[8:]) == 0 &&
		binary.BigEndian.Uint16(b[12:]) != 0
}

// formatAddr prints an IP address.
func formatAddr(b []byte) string {
	var buf [46]byte
	return string(appendAddr(buf[:0], b))
}

// formatPrefix prints an address and, where bits is less than its length, "/"
// and bits.
func formatPrefix(b []byte, bits uint8) string {
	var buf [50]byte
	s := appendAddr(buf[:0], b)
	if int(bits) != 8*len(b) {
		s = strconv.AppendUint(append(s, '/'), uint64(bits), 10)
	}
	return string(s)
}

// formatHardware prints a link-layer address: hex bytes with colons between
// them. Tunnels over IP have the address of their end there (4 or 16 bytes, a
// length that no other kind of link has), printed as such.
func formatHardware(b []byte) string {
	var buf [96]byte
	if len(b) == 4 || len(b) == 16 {
		return string(appendAddr(buf[:0], b))
	}
	s := buf[:0]
	for i := range b {
		if i > 0 {
			s = append(s, ':')
		}
		s = hex.AppendEncode(s, b[i:i+1])
	}
	return string(s)
}

// appendLabels appends an MPLS label stack, "30/40" (RFC 3032: label in the
// upper 20 bits, bit 8 ends the stack).
func appendLabels(dst, b []byte) []byte {
	for i := 0; i+4 <= len(b); i += 4 {
		if i > 0 {
			dst = append(dst, '/')
		}
		entry := binary.BigEndian.Uint32(b[i:])
		dst = strconv.AppendUint(dst, uint64(entry>>12), 10)
		if entry&(1<<8) != 0 {
			break
		}
	}
	return dst
}

// bitWord names one bit of a set.
type bitWord struct {
	bit  uint32
	word string
}

// appendBits appends the words of the bits that are set, sep between them. dst
// may already hold words, from start on.
func appendBits(dst []byte, start int, set uint32, words []bitWord, sep byte) []byte {
	for _, w := range words {
		if set&w.bit == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, sep)
		}
		dst = append(dst, w.word...)
	}
	return dst
}

// formatBits prints the words of the bits that are set, comma-joined. A single
// word is not copied.
func formatBits(set uint32, words []bitWord) string {
	for _, w := range words {
		if set == w.bit {
			return w.word
		}
	}
	var buf [128]byte
	return string(appendBits(buf[:0], 0, set, words, ','))
}

// appendSep appends sep to a list that is not empty.
func appendSep(dst []byte, sep byte) []byte {
	if len(dst) == 0 {
		return dst
	}
	return append(dst, sep)
}

// bitsOf returns the bits that have a word.
func bitsOf(words []bitWord) (all uint32) {
	for _, w := range words {
		all |= w.bit
	}
	return all
}

// Package address has what scripts write as IP addresses and prefixes.
package address

import (
	"fmt"
	"net/netip"
	"strings"
)

// Parse reads a prefix; an address alone is a prefix of its full length.
func Parse(text string) (netip.Prefix, error) {
	if strings.IndexByte(text, '/') < 0 {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return netip.Prefix{}, fmt.Errorf(`%q is neither an address nor a prefix such as "10.0.0.0/8"`, clip(text))
		}
		return netip.PrefixFrom(a.WithZone(""), a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fmt.Errorf(`%q is no prefix such as "10.0.0.0/8"`, clip(text))
	}
	return p.Masked(), nil
}

// ParseAddr reads an address, whose zone it leaves out.
func ParseAddr(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return a, fmt.Errorf("%q is no address", clip(text))
	}
	return a.WithZone(""), nil
}

// clip bounds a text in a message.
func clip(text string) string { return text[:min(len(text), MaxText)] }

// ParseWhole is Parse without clearing the host's bits.
func ParseWhole(text string) (netip.Prefix, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, nil
	}
	return Parse(text)
}

// Within reports whether an address or prefix, as a field spells it, lies in p.
func Within(p netip.Prefix, text string) bool {
	if text == "" {
		return false
	}
	if text == "default" {
		return p.Bits() == 0
	}
	bits := -1
	addr, length, ok := strings.Cut(text, "/")
	if ok {
		bits = atoi(length)
	}
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	return p.Contains(a.WithZone("")) && (bits < 0 || bits >= p.Bits())
}

// atoi reads a prefix length; what is no number is longer than any.
func atoi(s string) int {
	n := 0
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') || n > 1000 {
			return 1000
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// Cache remembers the prefixes that scripts write. The zero value is empty.
type Cache struct{ by map[string]netip.Prefix }

// Prefix is Parse.
func (c *Cache) Prefix(text string) (netip.Prefix, error) {
	if p, ok := c.by[text]; ok {
		return p, nil
	}
	p, err := Parse(text)
	if err != nil {
		return p, err
	}
	if len(text) > MaxText {
		return p, nil // its zone, or zeros
	}
	if c.by == nil || len(c.by) >= maxKept {
		c.by = map[string]netip.Prefix{}
	}
	c.by[strings.Clone(text)] = p
	return p, nil
}

// maxKept bounds the prefixes of a Cache.
const maxKept = 1024

// MaxText is the longest text that is kept of a prefix, in bytes.
const MaxText = 64

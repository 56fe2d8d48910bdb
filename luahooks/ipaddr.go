package luahooks

import (
	"fmt"
	"net/netip"
	"strings"
)

// parsePrefix reads a prefix; an address alone is a prefix of its full length.
func parsePrefix(text string) (netip.Prefix, error) {
	if strings.IndexByte(text, '/') < 0 {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return netip.Prefix{}, fmt.Errorf(`%q is neither an address nor a prefix such as "10.0.0.0/8"`, text)
		}
		return netip.PrefixFrom(a.WithZone(""), a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fmt.Errorf(`%q is no prefix such as "10.0.0.0/8"`, text)
	}
	return p.Masked(), nil
}

package event

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// headersEnv names the environment variable with the directory of the kernel's
// headers for programs, where they are not those of the machine (linux-libc-dev).
const headersEnv = "RTNETLINK_HEADERS"

// enumsOf reads the enumerations of a header: numbers by name.
func enumsOf(t *testing.T, header string) (list []map[string]uint16) {
	t.Helper()
	dir := os.Getenv(headersEnv)
	if dir == "" {
		dir = "/usr/include/linux"
	}
	text, err := os.ReadFile(filepath.Join(dir, header))
	if os.IsNotExist(err) && os.Getenv("RTNETLINK_REQUIRE_NETNS") == "" {
		t.Skipf("%v: install linux-libc-dev", err)
	}
	require.NoError(t, err)
	plain := regexp.MustCompile(`(?s)/\*.*?\*/|(?m:^#[^\n]*$)`).ReplaceAllString(string(text), "")
	for _, enum := range regexp.MustCompile(`(?s)enum[ \w]*\{(.*?)\}`).FindAllStringSubmatch(plain, -1) {
		names, next := map[string]uint16{}, uint16(0)
		for item := range strings.SplitSeq(enum[1], ",") {
			name, number, given := strings.Cut(strings.TrimSpace(item), "=")
			if given {
				n, err := strconv.ParseUint(strings.TrimSpace(number), 0, 16)
				if err != nil {
					continue
				}
				next = uint16(n)
			}
			names[strings.TrimSpace(name)] = next
			next++
		}
		list = append(list, names)
	}
	return list
}

// linkAttributes says whose attributes a prefix is of, for those whose attributes
// are fields.
var linkAttributes = map[string][]inside{
	"IFLA_":    nil, // of any link
	"IFLA_BR_": of(0, "bridge"), "IFLA_BRPORT_": {port("bridge", 0)}, "IFLA_BOND_": of(0, "bond"), "IFLA_BOND_SLAVE_": {port("bond", 0)},
	"IFLA_VRF_": of(0, "vrf"), "IFLA_VRF_PORT_": {port("vrf", 0)}, "IFLA_VLAN_": of(0, "vlan"), "IFLA_MACVLAN_": of(0, "macvlan"),
	"IFLA_IPVLAN_": of(0, "ipvlan"), "IFLA_MACSEC_": of(0, "macsec"), "IFLA_XFRM_": of(0, "xfrm"), "IFLA_NETKIT_": of(0, "netkit"),
	"IFLA_VXLAN_": of(0, "vxlan"), "IFLA_GENEVE_": of(0, "geneve"), "IFLA_BAREUDP_": of(0, "bareudp"), "IFLA_GTP_": of(0, "gtp"),
	"IFLA_IPOIB_": of(0, "ipoib"), "IFLA_HSR_": of(0, "hsr"), "IFLA_RMNET_": of(0, "rmnet"), "IFLA_DSA_": of(0, "dsa"),
	"IFLA_AMT_": of(0, "amt"), "IFLA_OVPN_": of(0, "ovpn"), "IFLA_TUN_": of(0, "tun"), "IFLA_CAN_": of(0, "can"), "IFLA_PPP_": of(0, "ppp"),
	"IFLA_BATADV_": of(0, "batadv"), "IFLA_WWAN_": of(0, "wwan"), "IFLA_VTI_": of(0, vtiKinds...), "IFLA_GRE_": of(0, greKinds...),
	"IFLA_IPTUN_": of(0, iptunKinds...),
}

// reads reports whether a field reads an attribute of any link, or of a kind.
func reads(f *Field, places []inside, number uint16) bool {
	if places == nil {
		return slices.Contains(f.source.attrs, number)
	}
	return slices.ContainsFunc(places, func(at inside) bool {
		at.typ = number
		return slices.Contains(f.source.inside, at)
	})
}

// manualAttributes are the attributes that the manual says are no fields.
func manualAttributes(t *testing.T) (list []string) {
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "## Attributes of links that are no fields\n")
	require.True(t, found)
	section, _, _ := strings.Cut(rest, "\n## ")
	for _, row := range regexp.MustCompile("(?m)^\\| (`IFLA_[^|]+) \\| [^|]+ \\|$").FindAllStringSubmatch(section, -1) {
		for _, name := range regexp.MustCompile("`(IFLA_\\w+)`").FindAllStringSubmatch(row[1], -1) {
			require.NotContains(t, list, name[1], "twice in the table")
			list = append(list, name[1])
		}
	}
	return list
}

// TestEveryAttributeOfALinkIsAFieldOrInTheManual goes by the headers of the kernel
// that the distribution has, or of a newer one.
func TestEveryAttributeOfALinkIsAFieldOrInTheManual(t *testing.T) {
	unread, fields, seen := manualAttributes(t), Fields(rtnl.Link), 0
	for _, header := range []string{"if_link.h", "if_tunnel.h", "can/netlink.h", "amt.h", "wwan.h", "batman_adv.h"} {
		for _, enum := range enumsOf(t, header) {
			prefix := ""
			for name, number := range enum {
				if base, first := strings.CutSuffix(name, "UNSPEC"); first && number == 0 {
					prefix = strings.TrimPrefix(base, "__")
				}
			}
			places, ofLinks := linkAttributes[prefix]
			for name, number := range enum {
				if !ofLinks || !strings.HasPrefix(name, prefix) || number == 0 {
					continue
				}
				seen++
				read := slices.ContainsFunc(fields, func(f Field) bool { return reads(&f, places, number) })
				listed := slices.Contains(unread, name)
				assert.NotEqual(t, read, listed, "%s: a field reads it: %t; the manual says that none does: %t", name, read, listed)
			}
		}
	}
	require.Greater(t, seen, 350, "the headers are read")
}

package event

import (
	"net"
	"testing"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// The tests here hold the decoders to those of another library: what both know
// of a recorded message must be the same.

// agree calls known for each recorded body of a class; it returns what the
// other library knows, by name of the field; nil where that is nothing.
func agree(t *testing.T, o rtnl.Object, known func(t *testing.T, body []byte) map[string]any) {
	littleEndian(t)
	for _, body := range bodiesOf(t, o) {
		got := valuesOf(viewOf(o, body, testLinks))
		for name, want := range known(t, body) {
			assert.Equal(t, want, got[name], "%s of %x", name, body)
		}
	}
}

// ipText is an address as the table has it, nil without one.
func ipText(ip net.IP) any {
	if ip == nil {
		return nil
	}
	if v4 := ip.To4(); v4 != nil && len(ip) == 4 {
		return formatAddr(v4)
	}
	return formatAddr(ip)
}

func macText(mac net.HardwareAddr) any {
	if mac == nil {
		return nil
	}
	return mac.String()
}

// numOf is a number, nil without one.
func numOf[T uint8 | uint16 | uint32](n *T) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func textOf(s *string) any {
	if s == nil || *s == "" {
		return nil
	}
	return *s
}

func TestLinksAgreeWithRtnetlink(t *testing.T) {
	agree(t, rtnl.Link, func(t *testing.T, body []byte) map[string]any {
		var m rtnetlink.LinkMessage
		require.NoError(t, m.UnmarshalBinary(body))
		a := m.Attributes
		known := map[string]any{
			"interface": a.Name, "ifindex": int64(m.Index), "mtu": int64(a.MTU), "up": m.Flags&unix.IFF_UP != 0,
			"address": macText(a.Address), "broadcast": macText(a.Broadcast), "carrier": a.Carrier != nil && *a.Carrier != 0,
			"carrier_changes": numOf(a.CarrierChanges), "carrier_up_count": numOf(a.CarrierUpCount),
			"carrier_down_count": numOf(a.CarrierDownCount), "operstate_code": int64(a.OperationalState),
			"qdisc": a.QueueDisc, "txqlen": numOf(a.TxQueueLen), "ifalias": textOf(a.Alias), "group": nil, "kind": nil, "master": nil,
		}
		if a.NetDevGroup != nil {
			known["group"] = groupName(*a.NetDevGroup)
		}
		if a.Info != nil && a.Info.Kind != "" {
			known["kind"] = a.Info.Kind
		}
		if a.Master != nil {
			known["master"] = testLinks.LinkName(*a.Master)
		}
		return known
	})
}

func TestAddressesAgreeWithRtnetlink(t *testing.T) {
	agree(t, rtnl.Address, func(t *testing.T, body []byte) map[string]any {
		var m rtnetlink.AddressMessage
		require.NoError(t, m.UnmarshalBinary(body))
		a := m.Attributes
		known := map[string]any{
			"interface": testLinks.LinkName(m.Index), "ifindex": int64(m.Index), "prefixlen": int64(m.PrefixLength),
			"scope": scopeName(m.Scope), "broadcast": ipText(a.Broadcast), "label": textOf(&a.Label),
			"valid_lft": int64(a.CacheInfo.Valid), "preferred_lft": int64(a.CacheInfo.Preferred),
			"local": ipText(a.Address), "address": nil,
		}
		if a.Local != nil {
			known["local"] = ipText(a.Local)
			if !a.Local.Equal(a.Address) {
				known["address"] = ipText(a.Address)
			}
		}
		return known
	})
}

func TestRoutesAgreeWithRtnetlink(t *testing.T) {
	agree(t, rtnl.Route, func(t *testing.T, body []byte) map[string]any {
		var m rtnetlink.RouteMessage
		if err := m.UnmarshalBinary(body); err != nil {
			return nil // it takes neither gateways of another family nor all metrics
		}
		a := m.Attributes
		known := map[string]any{"table": tableName(a.Table), "prefsrc": ipText(a.Src), "dst": "default",
			"protocol": protocolName(m.Protocol), "scope": scopeName(m.Scope)}
		if a.Dst != nil {
			known["dst"] = formatPrefix(a.Dst, m.DstLength)
		}
		if a.Priority != 0 {
			known["metric"] = int64(a.Priority)
		}
		if a.Metrics != nil && a.Metrics.MTU != 0 {
			known["mtu"] = int64(a.Metrics.MTU)
		}
		v := viewOf(rtnl.Route, body, nil)
		if v.Attr(rtaNHID) != nil { // which it does not know
			return known
		}
		if a.Gateway != nil {
			known["gateway"] = ipText(a.Gateway)
		}
		if len(a.Multipath) > 0 {
			known["nexthop_count"] = int64(len(a.Multipath))
		} else if a.OutIface != 0 {
			known["interface"] = testLinks.LinkName(a.OutIface)
		}
		return known
	})
}

func TestNeighborsAgreeWithRtnetlink(t *testing.T) {
	agree(t, rtnl.Neighbor, func(t *testing.T, body []byte) map[string]any {
		var m rtnetlink.NeighMessage
		require.NoError(t, m.UnmarshalBinary(body))
		return map[string]any{"ifindex": int64(m.Index), "state_code": int64(m.State), "dst": ipText(m.Attributes.Address),
			"lladdr": macText(m.Attributes.LLAddress), "interface": testLinks.LinkName(m.Index)}
	})
}

func TestRulesAgreeWithRtnetlink(t *testing.T) {
	agree(t, rtnl.Rule, func(t *testing.T, body []byte) map[string]any {
		var m rtnetlink.RuleMessage
		if err := m.UnmarshalBinary(body); err != nil {
			return nil // it refuses the attributes of newer kernels
		}
		a := m.Attributes
		known := map[string]any{"iif": textOf(a.IIFName), "oif": textOf(a.OIFName), "goto": numOf(a.Goto),
			"priority": int64(0), "protocol": nil, "table": nil, "src": "all", "dst": nil}
		if a.Priority != nil {
			known["priority"] = int64(*a.Priority)
		}
		if a.Protocol != nil {
			known["protocol"] = protocolName(*a.Protocol)
		}
		if a.Table != nil && *a.Table != 0 {
			known["table"] = tableName(*a.Table)
		}
		if a.Src != nil {
			known["src"] = formatPrefix(*a.Src, m.SrcLength)
		}
		if a.Dst != nil {
			known["dst"] = formatPrefix(*a.Dst, m.DstLength)
		}
		return known
	})
}

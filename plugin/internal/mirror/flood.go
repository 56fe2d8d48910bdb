package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// floodKey returns what identifies an address of a tunnel that may have several
// destinations, empty for any other entry: those of zeros and of multicast may
// (vxlan_fdb_update_existing(), drivers/net/vxlan/vxlan_core.c).
func floodKey(body []byte) string {
	if body[0] != unix.AF_BRIDGE || body[10]&unix.NTF_SELF == 0 {
		return ""
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	lladdr := a.Get(unix.NDA_LLADDR)
	if a.Get(unix.NDA_DST) == nil || len(lladdr) != 6 || lladdr[0]&1 == 0 && string(lladdr) != string(make([]byte, 6)) {
		return ""
	}
	return string(lladdr) + string(a.Get(unix.NDA_SRC_VNI))
}

// floodTurned gives the other destinations of the address in body its state and
// flags: they are the address's, and the kernel tells of one destination only.
// As long as they do not change nothing has to be looked for (R49).
func (s *State) floodTurned(body []byte) {
	key := floodKey(body)
	link := s.links.byIndex[linkIndex(body)]
	if key == "" || link == nil {
		return
	}
	now := [3]byte(body[8:11])
	if link.flood[key] == now {
		return
	}
	if link.flood == nil {
		link.flood = map[string][3]byte{}
	}
	link.flood[key] = now
	var others [][]byte
	t := s.tables[rtnl.Neighbor]
	t.Each(func(r ref) bool {
		other := t.Body(r)
		if linkIndex(other) == linkIndex(body) && [3]byte(other[8:11]) != now && floodKey(other) == key {
			others = append(others, append([]byte(nil), other...))
		}
		return true
	})
	s.imply(func() {
		for _, other := range others {
			copy(other[8:], now[:])
			s.upsert(rtnl.Neighbor, other)
		}
	})
}

package mirror

// silent is what the kernel may have removed or changed without a message while
// a dump is under way. Whether a record that comes then is older or newer cannot
// be told: it must not bring back what is gone. The zero value is nothing.
type silent struct {
	links    map[uint32]bool // what is on these links
	nexthops map[uint32]bool // what leads over these nexthop objects
	sources  map[string]bool // routes that prefer these addresses as source
}

func (g *silent) any() bool { return len(g.links)+len(g.nexthops)+len(g.sources) > 0 }

// note adds k to one of the sets.
func note[K comparable](set *map[K]bool, k K) {
	if *set == nil {
		*set = map[K]bool{}
	}
	(*set)[k] = true
}

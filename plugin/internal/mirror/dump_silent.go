package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

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

// silence returns where to note what happens silently to objects of class o,
// nil while there is no dump of them.
func (d *dump) silence(o rtnl.Object) *silent {
	if d == nil || d.query.Object != o {
		return nil
	}
	return &d.silent
}

// silentOn notes that objects of a class on a link may be gone or changed.
func (d *dump) silentOn(index uint32, o rtnl.Object) {
	if g := d.silence(o); g != nil {
		note(&g.links, index)
	}
}

// silentOver notes that what leads over nexthop object id may be gone.
func (d *dump) silentOver(id uint32, classes ...rtnl.Object) {
	for _, o := range classes {
		if g := d.silence(o); g != nil {
			note(&g.nexthops, id)
		}
	}
}

// silentFrom notes that routes that prefer addr as source may be gone or changed.
func (d *dump) silentFrom(addr []byte) {
	if g := d.silence(rtnl.Route); g != nil {
		note(&g.sources, string(addr))
	}
}

// overtaken reports whether one of the records of the key at hand shows what a
// silent change meanwhile may have removed.
func (d *dump) overtaken() bool {
	if !d.silent.any() {
		return false
	}
	found := false
	for i := range d.ends { // all, since one can tell of others
		found = rows[d.query.Object].overtaken(d.s, &d.silent, d.at(i)) || found
	}
	return found
}

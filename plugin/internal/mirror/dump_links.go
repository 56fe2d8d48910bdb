package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

// settleLinks takes over all links at once: they refer to each other by name,
// in both directions, so the names have to be known before the first report.
func (d *dump) settleLinks() {
	t := d.s.tables[rtnl.Link]
	d.dropNamesakes()
	fresh := map[uint32]int{} // the records of links that are not known yet
	for i := range d.ends {
		if l := t.Find(d.at(i)); l.Head == 0 && !d.isTouched(&l) {
			d.s.links.enter(d.at(i), 1)
			d.s.links.byIndex[linkIndex(d.at(i))].told = false
			fresh[linkIndex(d.at(i))] = i
		}
	}
	d.s.gather(func() {
		for i := range d.ends { // who is new first, since others may have known it by its number
			d.settleFresh(fresh, linkIndex(d.at(i)))
		}
		for i := range d.ends {
			if l := t.Find(d.at(i)); l.Head != 0 && l.Flags(l.Head)&flagFilled == 0 && !d.isTouched(&l) {
				d.fill(&l, linkClass{d.s}.storeLink(&l, d.at(i)))
			}
		}
	})
}

// settleFresh takes over the new link index of a dump, behind those that it
// names, if it is among fresh.
func (d *dump) settleFresh(fresh map[uint32]int, index uint32) {
	i, ok := fresh[index]
	if !ok {
		return
	}
	delete(fresh, index)
	body := d.at(i)
	if len(fresh) > 0 {
		for _, other := range d.s.namesIn(body) {
			d.settleFresh(fresh, other)
		}
	}
	if l := d.s.tables[rtnl.Link].Find(body); l.Head == 0 {
		d.fill(&l, linkClass{d.s}.storeLink(&l, body))
	}
}

// dropNamesakes removes the links whose names other links have by now, and
// which a whole dump of links lacks: nobody has said that they are gone, and
// reported first, their end is not mistaken for one of those that have the name.
// A link that an event has touched meanwhile is known better than by a record,
// which can be older; so can be the name that it has there.
func (d *dump) dropNamesakes() {
	t := d.s.tables[rtnl.Link]
	if d.query.One || d.torn {
		return
	}
	shown := map[uint32]bool{}
	for i := range d.ends {
		shown[linkIndex(d.at(i))] = true
	}
	for i := range d.ends {
		l := t.Find(d.at(i))
		other := d.s.links.namesake(d.at(i))
		if other == 0 || shown[other] || d.isTouched(&l) {
			continue
		}
		if l = t.FindID(other); !d.isTouched(&l) {
			linkClass{d.s}.dropLink(&l)
		}
	}
}

package namespace

import (
	"maps"
	"slices"

	"telegraf-rtnetlink/plugin/internal/watch"
)

// Open makes the namespaces that the configuration names.
func (s *Set) Open() {
	if !s.cfg.Several() {
		s.add("", "")
		return
	}
	s.Follow()
	for _, p := range s.cfg.Netns {
		if _, ok := mounted(p.Path); !ok && p.Path != "" {
			s.env.Warnf("No namespace at %s yet, waiting for one", p.Path)
		}
	}
}

// Changed is readable when namespaces may have come or gone: Follow looks.
func (s *Set) Changed() <-chan struct{} { return s.names.Changed() }

// Follow brings the Set in line with the namespaces that there are.
func (s *Set) Follow() {
	s.watchNames()
	present := s.cfg.present()
	for _, n := range s.list {
		if have, ok := present[n.Name]; !ok || n.inode != 0 && have.inode != n.inode {
			s.Remove(n)
		} else {
			delete(present, n.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(present)) {
		s.add(name, present[name].path)
	}
}

// watchNames begins to watch the namespaces' directories, once.
func (s *Set) watchNames() {
	if s.watching {
		return
	}
	s.watching = true
	var err error
	if s.names, err = watch.New(s.cfg.dirs()); err != nil {
		s.env.Errorf("Namespaces made or removed from now on will only be noticed at an audit: %v", err)
	}
}

package plugin

import (
	"cmp"
	"fmt"
	"strings"
)

// purpose says in one line what the plugin is about to do.
func (o *owner) purpose() string {
	stats := o.scripts.stats()
	scripts := make([]string, 0, len(stats))
	for _, st := range stats {
		scripts = append(scripts, st.Script)
	}
	return fmt.Sprintf("Watching %s of %s; filters: %s; scripts: %s; receive buffer: %d KiB",
		strings.ReplaceAll(o.set.Objects.String(), ",", ", "), o.set.whose(),
		cmp.Or(strings.Join(o.set.filterWords, "; "), "none"),
		cmp.Or(strings.Join(scripts, ", "), "none"), o.set.ReceiveBuffer>>10)
}

// whose names the namespaces.
func (s *settings) whose() string {
	var names []string
	for _, ns := range s.Netns {
		names = append(names, cmp.Or(ns.Name, "the own namespace"))
	}
	if s.AllNetns {
		names = append(names, "every namespace in "+NetnsDir)
	}
	return cmp.Or(strings.Join(names, ", "), "the own namespace")
}

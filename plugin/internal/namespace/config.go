package namespace

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Dir is where ip-netns(8) keeps named namespaces.
const Dir = "/run/netns"

// Config says what of which namespaces a Set follows. The zero value follows
// nothing of the process's own namespace.
type Config struct {
	Objects   rtnl.ObjectSet // classes that are reported
	Untracked rtnl.ObjectSet // of these, classes without a mirror
	Initial   rtnl.ObjectSet // of these, classes whose first enumeration is reported

	Netns    []Place // namespaces; empty and !AllNetns: the process's own
	AllNetns bool    // follow every namespace of Dir

	Tables    []uint32 // route tables, empty: all
	Protocols []uint8  // route protocols to report, empty: all
	Families  []uint8  // address families, empty: all

	ReceiveBuffer int           // bytes of each namespace's socket
	QueueLimit    int           // bytes
	Audit         time.Duration // between two; 0: no audit
	Snapshot      time.Duration // between two; 0: no snapshots
	SnapshotSlice int           // objects of a snapshot listed between two items of the queue, > 0
	Reason        string        // of the first epochs
}

// Place is a network namespace as configured: the value of the tag, and the
// file to open (network_namespaces(7)); empty: the process's own.
type Place struct{ Name, Path string }

// Several reports whether namespaces are configured.
func (c *Config) Several() bool { return c.AllNetns || len(c.Netns) > 0 }

// Wants reports whether objects of a family are followed.
func (c *Config) Wants(family uint8) bool {
	return len(c.Families) == 0 || family == unix.AF_UNSPEC || slices.Contains(c.Families, family)
}

// Tracks reports whether a class is reported and mirrored.
func (c *Config) Tracks(o rtnl.Object) bool {
	return c.Objects.Has(o) && !c.Untracked.Has(o) && !o.Stateless()
}

// mirror says what the mirror of a namespace holds and reports.
func (c *Config) mirror(netns string) mirror.Config {
	cfg := mirror.Config{Netns: netns, Keep: c.keep(), Show: c.show()}
	for o := range rtnl.Object(rtnl.NumObjects) {
		cfg.Report[o], cfg.Track[o], cfg.Initial[o] = c.Objects.Has(o), c.Tracks(o), c.Initial.Has(o)
	}
	return cfg
}

// Classes names the classes whose state is held, and the families of which a class
// has not always had objects (rtnl.Query.Part).
func (c *Config) Classes() (names []string) {
	state := mirror.New(c.mirror(""))
	for _, o := range rtnl.Listed {
		if !state.Tracks(o) {
			continue
		}
		names = append(names, o.String())
		for _, q := range o.Dumps() {
			if part := q.Part(); part != o.String() && c.Wants(q.Family) {
				names = append(names, part)
			}
		}
	}
	return names
}

// keep returns what decides about objects by family and route table; nil where
// all are kept.
func (c *Config) keep() func(rtnl.Object, []byte) bool {
	if len(c.Families)+len(c.Tables) == 0 {
		return nil
	}
	return func(o rtnl.Object, body []byte) bool {
		switch o {
		case rtnl.Link, rtnl.Nexthop, rtnl.NSID:
			return true
		case rtnl.Route:
			return (len(c.Tables) == 0 || slices.Contains(c.Tables, mirror.RouteTable(body))) && c.Wants(body[0])
		}
		return c.Wants(body[0])
	}
}

// show returns what decides about routes by protocol; nil where all are reported.
func (c *Config) show() func([]byte) bool {
	if len(c.Protocols) == 0 {
		return nil
	}
	return func(body []byte) bool { return slices.Contains(c.Protocols, mirror.RouteProtocol(body)) }
}

// filter returns what keeps unwanted routes out of the socket.
func (c *Config) filter() rtnl.Filter {
	return rtnl.Filter{RouteTables: c.Tables, RouteProtocols: c.Protocols, Families: c.Families}
}

// found is a network namespace that can be opened.
type found struct {
	path  string
	inode uint64
}

// present returns the namespaces that are configured and there, by their tag.
func (c *Config) present() map[string]found {
	list := map[string]found{}
	for _, p := range c.named() {
		if p.Path == "" {
			list[p.Name] = found{} // the own one
		} else if inode, ok := mounted(p.Path); ok {
			list[p.Name] = found{p.Path, inode}
		}
	}
	return list
}

// named lists the configured namespaces, all of Dir for "*".
func (c *Config) named() []Place {
	if !c.AllNetns {
		return c.Netns
	}
	list := slices.Clone(c.Netns)
	entries, _ := os.ReadDir(Dir) // no directory: no names
	for _, e := range entries {
		list = append(list, Place{e.Name(), filepath.Join(Dir, e.Name())})
	}
	return list
}

// dirs lists the directories whose names are followed.
func (c *Config) dirs() []string {
	dirs := map[string]bool{}
	for _, p := range c.Netns {
		if p.Path != "" {
			dirs[filepath.Dir(p.Path)] = true
		}
	}
	if c.AllNetns {
		dirs[Dir] = true
	}
	return slices.Sorted(maps.Keys(dirs))
}

// mounted returns the inode of the namespace at path. ip-netns(8) makes a plain
// file first and mounts the namespace over it later.
func mounted(path string) (inode uint64, ok bool) {
	var fs unix.Statfs_t
	var st unix.Stat_t
	if unix.Statfs(path, &fs) != nil || fs.Type != unix.NSFS_MAGIC || unix.Stat(path, &st) != nil {
		return 0, false
	}
	return st.Ino, true
}

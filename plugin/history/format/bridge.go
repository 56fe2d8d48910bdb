package format

import "strings"

// mdb prints in the order of print_mdb_entry(), bridge/mdb.c.
func (l *line) mdb() {
	l.skip("ifindex")
	l.word("dev", "interface")
	l.word("port", "port")
	l.word("grp", "group")
	l.word("src", "src")
	l.plain("state")
	if flags, ok := l.take("flags"); ok {
		l.add(strings.Split(flags, ",")...)
	}
	l.word("filter_mode", "filter_mode")
	l.word("source_list", "source_list")
	l.word("proto", "protocol")
	l.word("vid", "vlan")
}

// vlan prints a line of `bridge vlan`, with the port on each.
func (l *line) vlan() {
	l.skip("ifindex")
	l.plain("interface")
	l.plain("vlan")
	if flags, ok := l.take("flags"); ok {
		l.add(strings.Split(flags, ",")...)
	}
	l.word("state", "state")
}

package format

import "strings"

// notice prints what `ip monitor prefix` has in its order (print_prefix(),
// ip/ipprefix.c), with the words of the stream for what it has not.
func (l *line) notice() {
	l.skip("ifindex")
	l.plain("type")
	l.plain("prefix")
	l.word("dev", "interface")
	if flags, ok := l.take("flags"); ok {
		l.add(strings.Split(flags, ",")...)
	}
	l.word("valid", "valid_lft")
	l.word("preferred", "preferred_lft")
}

package mirror

import "telegraf-rtnetlink/plugin/internal/rtnl"

func (s *State) has(o rtnl.Object, body []byte) bool {
	l := s.tables[o].Find(body)
	return l.Head != 0
}

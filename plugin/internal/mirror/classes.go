package mirror

import (
	"fmt"
	"reflect"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func init() {
	rows = [rtnl.NumObjects]class{
		rtnl.Link:     linkRow,
		rtnl.Nexthop:  nexthopRow,
		rtnl.Address:  addressRow,
		rtnl.Route:    routeRow,
		rtnl.Rule:     ruleRow,
		rtnl.Neighbor: neighborRow,
		rtnl.Netconf:  netconfRow,
		rtnl.NSID:     nsidRow,
		rtnl.MDB:      mdbRow,
		rtnl.VLAN:     vlanRow,
		rtnl.Notice:   noticeRow,
	}
	if problem := incomplete(&rows, followers[:]); problem != "" {
		panic("mirror: " + problem)
	}
}

// incomplete returns what is wrong with the rows, naming class and part; "" for
// nothing.
func incomplete(rows *[rtnl.NumObjects]class, followers []rtnl.Object) string {
	for o := range rows {
		row := reflect.ValueOf(rows[o])
		for i := range row.NumField() {
			part := row.Type().Field(i)
			if !part.Anonymous && row.Field(i).IsZero() {
				return fmt.Sprintf("class %s has no %s in its row", rtnl.Object(o), part.Name)
			}
		}
		if rows[o].perKey == several && rows[o].alike == nil {
			return fmt.Sprintf("class %s has no alike in its row, and several objects can have one key", rtnl.Object(o))
		}
	}
	for o := range rtnl.Object(rtnl.NumObjects) {
		n := 0
		for _, f := range followers {
			if f == o {
				n++
			}
		}
		if n != 1 {
			return fmt.Sprintf("class %s is %d times among the followers of a link", o, n)
		}
	}
	return ""
}

package rtnl

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestAClassWithoutAPartIsNamed(t *testing.T) {
	row := reflect.TypeFor[class]()
	for i := range row.NumField() {
		part := row.Field(i).Name
		if part == "always" || part == "answer" || part == "stateless" {
			continue // false, and 0, say something
		}
		t.Run(part, func(t *testing.T) {
			rows := classes
			value := reflect.NewAt(row, reflect.ValueOf(&rows[Rule]).UnsafePointer()).Elem().Field(i)
			reflect.NewAt(value.Type(), value.Addr().UnsafePointer()).Elem().SetZero()
			problem := check(&rows, &Listed)
			require.Contains(t, problem, "class 4 ")
			require.Contains(t, problem, "has no "+part+" ")
		})
	}
	rows := classes
	rows[Neighbor] = class{}
	require.Equal(t, `class 5 "" has no name in its row`, check(&rows, &Listed))
}

func TestClassesThatShareAPartAreNamed(t *testing.T) {
	rows := classes
	rows[Rule].del = unix.RTM_NEWROUTE
	require.Equal(t, `class 4 "rule" has 24 in its row, as "route" has`, check(&rows, &Listed))
	listed := Listed
	listed[5] = Route
	require.Equal(t, `class "nexthop" is 0 times in Listed`, check(&classes, &listed))
}

func TestTheRowsSayWhatTheKernelDoes(t *testing.T) {
	require.Equal(t, []string{"link", "address", "route", "neighbor", "rule", "nexthop", "netconf", "nsid", "mdb", "vlan", "notice"}, Names())
	for o := range Object(NumObjects) {
		c := classes[o]
		if o.Stateless() {
			continue
		}
		require.Equal(t, c.add+1, c.del, o) // uapi/linux/rtnetlink.h: NEW, DEL, GET in a row
		require.Equal(t, c.add+2, c.get, o)
		parsed, ok := ParseObject(o.String())
		require.True(t, ok)
		require.Equal(t, o, parsed)
		for _, q := range o.Dumps() {
			require.Equal(t, o, q.Object)
		}
		for typ, del := range map[uint16]bool{c.add: false, c.del: true} {
			got, isDel, ok := ObjectOf(typ)
			require.True(t, ok)
			require.Equal(t, o, got)
			require.Equal(t, del, isDel)
		}
	}
	for _, typ := range []uint16{0, unix.NLMSG_DONE, unix.RTM_GETLINK, 255, 256, 0xffff} {
		_, _, ok := ObjectOf(typ)
		require.False(t, ok, typ)
	}
}

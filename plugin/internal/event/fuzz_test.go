package event

import (
	"testing"
	"unicode/utf8"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// fuzzClass holds bodies of class o to what every body, however malformed,
// must keep: no panic, values of the declared kind in valid UTF-8, the same
// value each time, no difference from itself, and Diff equal to decoding all.
func fuzzClass(f *testing.F, o rtnl.Object) {
	for _, body := range bodiesOf(f, o) {
		f.Add(body, body)
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		old, new := viewOf(o, a, testLinks), viewOf(o, b, testLinks)
		for i, field := range Fields(o) {
			checkValue(t, field, old.Value(i))
			if old.Value(i) != old.Value(i) {
				t.Errorf("%s has two values", field.Name)
			}
			if a != nil && field.get(old) != old.Value(i) {
				t.Errorf("%s is %v, but taken for absent", field.Name, field.get(old))
			}
		}
		if got := Diff(old, viewOf(o, a, testLinks)); !got.Empty() {
			t.Errorf("differs from itself in %s", changedNames(o, got))
		}
		if got, want := Diff(old, new), slowDiff(old, new); got != want {
			t.Errorf("Diff finds %q, decoding finds %q", changedNames(o, got), changedNames(o, want))
		}
	})
}

func checkValue(t *testing.T, f Field, v Value) {
	switch {
	case v.Kind == None && v != Value{}:
		t.Errorf("%s is absent and yet %v", f.Name, v)
	case v.Kind != None && v.Kind != f.Kind:
		t.Errorf("%s is of kind %d, want %d", f.Name, v.Kind, f.Kind)
	case v.Kind == String && (v.Str == "" || !utf8.ValidString(v.Str)):
		t.Errorf("%s is %q", f.Name, v.Str)
	case v.Kind == Bool && v.Num != 0 && v.Num != 1:
		t.Errorf("%s is %d", f.Name, v.Num)
	}
}

func FuzzLink(f *testing.F)     { fuzzClass(f, rtnl.Link) }
func FuzzAddress(f *testing.F)  { fuzzClass(f, rtnl.Address) }
func FuzzRoute(f *testing.F)    { fuzzClass(f, rtnl.Route) }
func FuzzNeighbor(f *testing.F) { fuzzClass(f, rtnl.Neighbor) }
func FuzzRule(f *testing.F)     { fuzzClass(f, rtnl.Rule) }
func FuzzNexthop(f *testing.F)  { fuzzClass(f, rtnl.Nexthop) }
func FuzzNetconf(f *testing.F)  { fuzzClass(f, rtnl.Netconf) }
func FuzzNSID(f *testing.F)     { fuzzClass(f, rtnl.NSID) }
func FuzzMDB(f *testing.F)      { fuzzClass(f, rtnl.MDB) }
func FuzzVLAN(f *testing.F)     { fuzzClass(f, rtnl.VLAN) }
func FuzzNotice(f *testing.F)   { fuzzClass(f, rtnl.Notice) }

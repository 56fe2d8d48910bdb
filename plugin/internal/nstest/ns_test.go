package nstest_test

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

func TestEveryTestHasALonelyLoopback(t *testing.T) {
	a, b := nstest.New(t), nstest.New(t)
	a.Run("link add v0 type veth peer name v1")
	if n := len(a.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC)); n != 3 {
		t.Errorf("%d links where one was added a pair", n)
	}
	if n := len(b.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC)); n != 1 {
		t.Errorf("%d links in another namespace", n)
	}
}

func TestRefusalNamesCommandAndErrno(t *testing.T) {
	ns := nstest.New(t)
	for command, want := range map[string]error{
		"link set dev nosuch up":                unix.ENODEV,
		"route add 10.0.0.0/24 via 192.0.2.1":   unix.ENETUNREACH,
		"addr add 10.0.0.1/24 dev #1 scope zzz": nil,
		"teapot add":                            nil,
	} {
		err := ns.Try(command)
		if err == nil || !strings.Contains(err.Error(), command) {
			t.Errorf("%q: error %v", command, err)
		}
		if want != nil && !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", command, err, want)
		}
	}
}

func TestSysctlsAreTheNamespaces(t *testing.T) {
	a, b := nstest.New(t), nstest.New(t)
	a.Sysctl("net.ipv4.conf.all.forwarding", "1")
	for ns, want := range map[*nstest.NS]string{a: "1\n", b: "0\n"} {
		err := ns.Do(func() error {
			got, err := os.ReadFile("/proc/sys/net/ipv4/conf/all/forwarding")
			if string(got) != want {
				t.Errorf("forwarding %q, want %q", got, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestSocketsAndProcessesEnter(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link add brx type bridge")
	conn, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: ns.FD()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cmd := exec.Command("cat", "/proc/net/dev")
	var out strings.Builder
	cmd.Stdout = &out
	if err := ns.Start(cmd); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(out.String(), "brx") {
		t.Errorf("%v, process sees %q", err, out.String())
	}
	f, err := os.Open(ns.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Setns(-1, unix.CLONE_NEWNET); err == nil {
		t.Error("setns of nothing succeeds")
	}
}

func TestMoveAndNames(t *testing.T) {
	a, b := nstest.New(t), nstest.New(t)
	a.Run("link add v0 type veth peer name v1")
	a.Move("v0", b)
	if _, err := b.Index("v0"); err != nil {
		t.Error(err)
	}
	a.Name("red")
	var st unix.Stat_t
	if err := unix.Stat("/run/netns/red", &st); err != nil {
		t.Fatal(err)
	}
	a.Unname("red")
	if _, err := os.Stat("/run/netns/red"); !os.IsNotExist(err) {
		t.Errorf("the name is still there: %v", err)
	}
}

func TestBatchCountsRefusals(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link add v0 type veth peer name v1", "link set dev v0 up", "addr add 10.0.0.1/24 dev v0")
	index, err := ns.Index("v0")
	if err != nil {
		t.Fatal(err)
	}
	const n = 10000
	var requests []nstest.Request
	for i := range n {
		dst := netip.PrefixFrom(netip.AddrFrom4([4]byte{20, byte(i >> 8), byte(i), 0}), 24)
		r, err := nstest.Route{Dst: dst, Nexthops: []nstest.Nexthop{{Dev: index}}}.Request("add")
		if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, r)
	}
	if refused, err := ns.Batch(requests); refused != 0 || err != nil {
		t.Errorf("%d refused: %v", refused, err)
	}
	main := nstest.WithU32(unix.RTA_TABLE, unix.RT_TABLE_MAIN)
	if got := len(ns.Dump(unix.RTM_GETROUTE, unix.AF_INET, main)); got != n+1 {
		t.Errorf("%d routes, want %d and the connected one", got, n)
	}
	refused, err := ns.Batch(requests)
	if refused != n || !errors.Is(err, unix.EEXIST) {
		t.Errorf("%d of %d duplicates refused: %v", refused, n, err)
	}
}

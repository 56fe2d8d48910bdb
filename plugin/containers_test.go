package plugin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// cniDir is where Debian's containernetworking-plugins are: what Podman, Kubernetes
// and others connect containers with.
const cniDir = "/usr/lib/cni"

// cniConfig connects each container to a bridge by a veth, as Docker does.
const cniConfig = `{"cniVersion":"0.4.0","name":"storm","type":"bridge","bridge":"cni0","isGateway":true,"hairpinMode":true,
	"ipam":{"type":"host-local","ranges":[[{"subnet":"10.88.0.0/16"}]],"routes":[{"dst":"0.0.0.0/0"}],"dataDir":%q}}`

// engine starts and ends the network of containers.
type engine struct {
	host *nstest.NS
	dir  string
}

// do has the plugin of CNI carry out ADD or DEL for a container.
func (e engine) do(command, id string, container *nstest.NS) error {
	cmd := exec.Command(filepath.Join(cniDir, "bridge"))
	cmd.Env = append(os.Environ(), "CNI_COMMAND="+command, "CNI_CONTAINERID="+id, "CNI_NETNS="+container.Path(), "CNI_IFNAME=eth0", "CNI_PATH="+cniDir)
	var said strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(fmt.Sprintf(cniConfig, e.dir)), &said, &said
	if err := e.host.Start(cmd); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", command, id, err, said.String())
	}
	return nil
}

// all does the same for several containers at a time.
func (e engine) all(t *testing.T, command string, round int, containers []*nstest.NS) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(4)
	for i, ns := range containers {
		group.Go(func() error { return e.do(command, fmt.Sprintf("c%d-%d", round, i), ns) })
	}
	require.NoError(t, group.Wait())
}

// TestEventsEqualTheKernelBesideContainers has containers come and go by the dozen,
// each with a veth in a bridge: half are taken from the network, the others just end,
// and the end of their namespaces takes the links along.
func TestEventsEqualTheKernelBesideContainers(t *testing.T) {
	if _, err := os.Stat(filepath.Join(cniDir, "bridge")); err != nil {
		t.Skip(err)
	}
	nstest.NeedTool(t, "ip")
	ns := nstest.New(t)
	e := engine{host: ns, dir: t.TempDir()}
	r := begin(t, ns)
	r.settled()
	const many = 16
	for round := range 3 {
		t.Run(fmt.Sprintf("round %d", round), func(t *testing.T) {
			containers := make([]*nstest.NS, many)
			for i := range containers {
				containers[i] = nstest.New(t)
			}
			e.all(t, "ADD", round, containers)
			r.requireEqual()
			e.all(t, "DEL", round, containers[:many/2])
		})
		printed(t, ns, "NO-CARRIER", "link", "show", "cni0") // no port is left
		r.requireEqual()
	}
	gone := pick(r.since(0), "name", "link", "kind", "veth", "action", "delete")
	require.Len(t, gone, 3*many)
	require.NotEmpty(t, pick(r.since(0), "name", "neighbor", "family", "bridge", "action", "new"))
	require.Zero(t, r.internal()["audit_corrections"])
}

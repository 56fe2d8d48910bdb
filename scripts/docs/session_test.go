package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// steps are the blocks that are run, and the names under which session has them.
var steps = map[string]string{
	"README.md: go run ./cmd/telegraf-rtnetlink -config sample.conf":                               "try",
	"README.md: go run ./cmd/telegraf-rtnetlink show":                                              "show",
	"README.md: telegraf-rtnetlink check -config /etc/telegraf/rtnetlink/rtnetlink.conf":           "alone",
	"README.md: telegraf-rtnetlink log changes.lp":                                                 "read",
	"README.md: telegraf-rtnetlink state -at \"10m ago\" -object route -format ip changes.lp":      "past",
	"plugin/OPERATING.md: telegraf-rtnetlink -config rtnetlink.conf":                               "short",
	"plugin/OPERATING.md: telegraf-rtnetlink check -config /etc/telegraf/rtnetlink/rtnetlink.conf": "check",
	"plugin/OPERATING.md: telegraf-rtnetlink record FILE.pcapng":                                   "record",
	"plugin/OPERATING.md: telegraf-rtnetlink replay FILE.pcapng":                                   "replay",
	"plugin/OPERATING.md: telegraf-rtnetlink record -ring 1GiB DIR":                                "ring",
	"scripts/README.md: [[inputs.rtnetlink.lua]]":                                                  "gateway.conf",
	"scripts/README.md: telegraf-rtnetlink record mine.pcapng -duration 1h":                        "mine",
}

// session is what a reader does, in a network of his own. The blocks are files
// in $BLOCKS; paths below /etc/telegraf are those of ETC. "until" is how long
// something may take, not how long it takes.
const session = `set -eEuo pipefail
trap 'echo "failed: line $LINENO: $BASH_COMMAND" >&2' ERR
trap 'kill $(jobs -p) 2>/dev/null || :' EXIT
cd "$WORK"
await() { local n=0; while ! "$@" >/dev/null 2>&1; do n=$((n+1)); [ $n -lt 600 ] || { echo "not within a minute: $*" >&2; exit 1; }; sleep 0.1; done; }
# ends PID: the program ends well at SIGTERM.
ends() { kill "$1"; wait "$1"; }
ip link set lo up
ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
ip addr add 192.0.2.9/24 dev v0

echo "== try"
(cd "$ROOT"; echo | bash "$BLOCKS/try") >try.lp
grep -q '^rtnetlink_link,action=new,interface=v0' try.lp
(cd "$ROOT"; bash "$BLOCKS/show") >show.out
grep -q '192.0.2.0/24 dev v0' show.out

echo "== alone"
head -n 1 "$BLOCKS/alone" >first; tail -n 1 "$BLOCKS/alone" >second
bash first | grep -q 'nothing is wrong'
bash "$BLOCKS/check" | grep -q 'nothing is wrong'
{ echo -n 'exec '; cat second; } >foreground
bash foreground & program=$!
await grep -q moment=complete changes.lp
ip route add 198.51.100.0/24 via 192.0.2.1
await grep -q 198.51.100.0/24 changes.lp
cp changes.lp early.lp
ip route add default via 192.0.2.1
await grep -q 'dst="default"' changes.lp

echo "== read, while it runs"
bash "$BLOCKS/read" >read.out
grep -q 'route new default via 192.0.2.1' read.out
grep -q '^default via 192.0.2.1' read.out

echo "== the past: what was there at first has been so for 20 minutes"
mkdir past; n=$(wc -l <early.lp)
# The last words are nanoseconds, more than awk's numbers hold.
awk -v n="$n" 'NR <= n { s = substr($NF, 1, 10) - 1200; r = substr($NF, 11); sub(/ [0-9]+$/, ""); $0 = $0 " " s r } { print }' changes.lp >past/changes.lp
(cd past; bash -e "$BLOCKS/past") >past.out
grep -q '^198.51.100.0/24 via 192.0.2.1' past.out
grep -q '^+ route default via 192.0.2.1' past.out
! grep -q '^default' past.out
grep -qi '<!doctype html>' past/incident.html
ends $program
bash "$BLOCKS/read" >after.out
grep -q '^default via 192.0.2.1' after.out

echo "== short"
cp "$ETC/rtnetlink/rtnetlink.conf" .
echo | bash "$BLOCKS/short" >short.lp
grep -q 198.51.100.0/24 short.lp

echo "== record, replay"
{ echo -n 'exec '; cat "$BLOCKS/record"; } >foreground
bash foreground & program=$!
await bash -c 'telegraf-rtnetlink replay FILE.pcapng 2>/dev/null | grep -q 198.51.100.0/24'
ends $program
bash "$BLOCKS/replay" >replay.lp
grep -q 198.51.100.0/24 replay.lp
{ echo -n 'exec '; cat "$BLOCKS/ring"; } >foreground
bash foreground & program=$!
await bash -c 'telegraf-rtnetlink replay DIR 2>/dev/null | grep -q 198.51.100.0/24'
ends $program
telegraf-rtnetlink replay DIR >ring.lp
grep -q 198.51.100.0/24 ring.lp

echo "== a ready hook, with its constants"
cp "$ETC/rtnetlink.d/gateway_neighbor.lua" .
{ echo '[[inputs.rtnetlink]]'; cat "$BLOCKS/gateway.conf"; } >rtnetlink.conf
telegraf-rtnetlink check -config rtnetlink.conf
sed 's/-duration 1h/-duration 1s/' "$BLOCKS/mine" >mine
grep -q 'duration 1s' mine
bash -e mine >mine.out 2>mine.times
grep -q 198.51.100.0/24 mine.out
grep -q 'gateway_neighbor.lua' mine.times || { cat mine.times >&2; false; }
echo "== done"
`

func TestTheCommandsOfTheManuals(t *testing.T) {
	if out, err := exec.Command("unshare", "--user", "--map-root-user", "--net", "ip", "link").CombinedOutput(); err != nil {
		if os.Getenv("RTNETLINK_REQUIRE_NETNS") != "" {
			t.Fatalf("no network namespace: %v: %s", err, out)
		}
		t.Skipf("no network namespace: %v: %s", err, out)
	}
	dir := t.TempDir()
	for _, sub := range []string{"bin", "blocks", "work", "etc/rtnetlink", "etc/rtnetlink.d"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, sub), 0o700))
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "bin/telegraf-rtnetlink"), "./cmd/telegraf-rtnetlink")
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	file := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	file("etc/rtnetlink/rtnetlink.conf", read(t, "sample.conf"))
	file("etc/rtnetlink.d/gateway_neighbor.lua", read(t, "scripts/gateway_neighbor.lua"))
	have := all(t)
	for name, step := range steps {
		file("blocks/"+step, strings.ReplaceAll(have[name], "/etc/telegraf", dir+"/etc"))
	}
	cmd := exec.Command("unshare", "--user", "--map-root-user", "--net", "bash", "-c", session)
	cmd.Env = append(os.Environ(), "ROOT="+root, "BLOCKS="+dir+"/blocks", "WORK="+dir+"/work", "ETC="+dir+"/etc",
		"PATH="+dir+"/bin:"+os.Getenv("PATH"))
	cmd.WaitDelay = time.Minute // what it leaves behind may have its output open
	out, err = cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "== done")
	t.Logf("%s", out)
}

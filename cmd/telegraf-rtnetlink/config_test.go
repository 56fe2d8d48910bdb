package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin"
)

var update = flag.Bool("update", false, "write what the tests see into the files that they compare with")

const configs = "../../testdata/config"

// TestBadConfigurationIsRefused runs the program with each bad file and
// compares its one message with the .err file beside.
func TestBadConfigurationIsRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(configs, "bad", "*.conf"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := start([]string{"-config", file}, stdio{strings.NewReader(""), &stdout, &stderr})
			require.Equal(t, statusError, status)
			require.Empty(t, stdout.String())
			got := strings.ReplaceAll(stderr.String(), filepath.Dir(file)+"/", "")
			require.Equal(t, 1, strings.Count(got, "\n"), "one line")
			want := strings.TrimSuffix(file, ".conf") + ".err"
			golden(t, want, withoutNamesOf(t, got, want))
		})
	}
}

// withoutNamesOf leaves out of a list of names that ends with "a number" those
// which this machine alone has for tables and protocols (/etc/iproute2): a file
// does not have them.
func withoutNamesOf(t *testing.T, text, file string) string {
	const begin, end = "(choices: ", ", a number"
	head, rest, _ := strings.Cut(text, begin)
	list, tail, ok := strings.Cut(rest, end)
	if !ok || *update {
		return text
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	_, known, _ := strings.Cut(string(want), begin)
	known, _, _ = strings.Cut(known, end)
	names := slices.DeleteFunc(strings.Split(list, ", "), func(name string) bool { return !slices.Contains(strings.Split(known, ", "), name) })
	return head + begin + strings.Join(names, ", ") + end + tail
}

// golden compares text with a file, or writes it there with -update.
func golden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

func TestGoodConfigurationIsTaken(t *testing.T) {
	t.Setenv("RTNETLINK_TEST_OBJECT", "rule")
	files, err := filepath.Glob(filepath.Join(configs, "good", "*.conf"))
	require.NoError(t, err)
	for _, file := range append(files, "../../sample.conf", "") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			input, _, err := loadConfig(file, 0)
			require.NoError(t, err)
			require.NoError(t, input.Init())
		})
	}
}

// TestTheProgramCapsItsRate where somebody could drop what comes too fast.
func TestTheProgramCapsItsRate(t *testing.T) {
	in, out, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	defer out.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	socket, other := os.NewFile(uintptr(pair[0]), "socket"), os.NewFile(uintptr(pair[1]), "socket")
	defer socket.Close()
	defer other.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	for want, list := range map[int][]io.Writer{
		plugin.ExternalRate: {out, socket}, 0: {file, null, &bytes.Buffer{}},
	} {
		for _, w := range list {
			input, _, err := loadConfig("", defaultRate(w))
			require.NoError(t, err)
			plain := plugin.New()
			plain.MaxEventsPerSecond = want
			require.Equal(t, plain, input)
		}
	}
}

func TestEveryOptionIsRead(t *testing.T) {
	input, _, err := loadConfig(filepath.Join(configs, "good", "everything.conf"), 0)
	require.NoError(t, err)
	require.Equal(t, []string{"link", "route", "neighbor"}, input.Objects)
	require.Equal(t, []string{"neighbor", "rule"}, input.Untracked)
	require.Empty(t, input.InitialEvents)
	require.EqualValues(t, 1<<20, input.ReceiveBuffer)
	require.EqualValues(t, 8<<20, input.QueueLimit)
	require.Zero(t, input.MaxEventsPerSecond)
	require.Equal(t, 1000, input.MaxUndelivered)
	require.Equal(t, []string{"main", "local", "4294967295"}, input.RouteTables)
	require.Equal(t, []string{"bgp", "static", "201"}, input.RouteProtocols)
	require.Equal(t, []string{"inet", "inet6"}, input.Families)
	require.True(t, input.LinkStatistics)
	require.False(t, input.PreviousValues)
	require.Zero(t, input.AuditInterval)
	require.Equal(t, "/tmp/rtnetlink.state", input.StateFile)
	require.Equal(t, "edge", input.Alias)
	require.Equal(t, []string{"eth*", "!eth9"}, input.Interfaces)
	require.True(t, input.InterfaceInfo)
	require.Equal(t, config.Duration(time.Hour), input.SnapshotInterval)
}

func TestVariablesAreReplaced(t *testing.T) {
	t.Setenv("RTNETLINK_TEST_OBJECT", `a "quoted" \ value`)
	input, _, err := loadConfig(filepath.Join(configs, "good", "environment.conf"), 0)
	require.NoError(t, err)
	require.Equal(t, []string{`a "quoted" \ value`, `a "quoted" \ value`}, input.Objects)
	require.Equal(t, "/tmp/$1 ${NO_SUCH_VARIABLE} $NO $$ 5$", input.StateFile)
}

// TestVariablesStandForAnyValue with quotes and without.
func TestVariablesStandForAnyValue(t *testing.T) {
	for _, v := range []struct{ name, value string }{
		{"N", "7000"}, {"SIZE", "32MiB"}, {"BYTES", "33554432"}, {"YES", "true"}, {"TIME", "90s"}, {"LIST", `["link", "route"]`},
		{"NAME", "it's $N \"quoted\""}, {"LINES", "a\nb = 1"}, {"EMPTY", ""},
	} {
		t.Setenv("RTT_"+v.name, v.value)
	}
	size := func(r *plugin.RTNetlink) any { return int64(r.QueueLimit) }
	for text, tt := range map[string]struct {
		get  func(r *plugin.RTNetlink) any
		want any
	}{
		`max_events_per_second = ${RTT_N}`:         {func(r *plugin.RTNetlink) any { return r.MaxEventsPerSecond }, 7000},
		`max_events_per_second = $RTT_N`:           {func(r *plugin.RTNetlink) any { return r.MaxEventsPerSecond }, 7000},
		`max_events_per_second = "${RTT_N}"`:       {func(r *plugin.RTNetlink) any { return r.MaxEventsPerSecond }, 7000},
		`queue_limit = ${RTT_SIZE}`:                {size, int64(32 << 20)},
		`queue_limit = "${RTT_SIZE}"`:              {size, int64(32 << 20)},
		`queue_limit = ${RTT_BYTES} # ${NO}`:       {size, int64(32 << 20)},
		`queue_limit = "$RTT_BYTES"`:               {size, int64(32 << 20)},
		`link_statistics = ${RTT_YES}`:             {func(r *plugin.RTNetlink) any { return r.LinkStatistics }, true},
		`link_statistics = "$RTT_YES"`:             {func(r *plugin.RTNetlink) any { return r.LinkStatistics }, true},
		`audit_interval = ${RTT_TIME}`:             {func(r *plugin.RTNetlink) any { return time.Duration(r.AuditInterval) }, 90 * time.Second},
		`audit_interval = "${RTT_TIME}"`:           {func(r *plugin.RTNetlink) any { return time.Duration(r.AuditInterval) }, 90 * time.Second},
		`objects = ${RTT_LIST}`:                    {func(r *plugin.RTNetlink) any { return r.Objects }, []string{"link", "route"}},
		`alias = ${RTT_NAME}`:                      {func(r *plugin.RTNetlink) any { return r.Alias }, `it's $N "quoted"`},
		`alias = "<${RTT_NAME}>"`:                  {func(r *plugin.RTNetlink) any { return r.Alias }, `<it's $N "quoted">`},
		`alias = ${RTT_LINES}`:                     {func(r *plugin.RTNetlink) any { return r.Alias }, "a\nb = 1"},
		`alias = '$RTT_EMPTY'`:                     {func(r *plugin.RTNetlink) any { return r.Alias }, ""},
		`alias = "$$RTT_N $$$RTT_N \" # ${RTT_N}"`: {func(r *plugin.RTNetlink) any { return r.Alias }, `$RTT_N $$RTT_N " # 7000`},
		"alias = \"\"\"\n ' ${RTT_N}\"\"\"":        {func(r *plugin.RTNetlink) any { return r.Alias }, ` ' 7000`},
		`interfaces = ["$RTT_N", '${RTT_YES}']`:    {func(r *plugin.RTNetlink) any { return r.Interfaces }, []string{"7000", "true"}},
		`alias = "${RTT_N}" # one's "comment`:      {func(r *plugin.RTNetlink) any { return r.Alias }, "7000"},
	} {
		t.Run(text, func(t *testing.T) {
			input, wrong := (&document{}).decode([]byte("[[inputs.rtnetlink]]\n"+text+"\n"), 0)
			for _, p := range wrong {
				require.NoError(t, p.err)
			}
			require.Equal(t, tt.want, tt.get(input))
		})
	}
}

func TestAMissingConfigurationIsNamed(t *testing.T) {
	_, _, err := loadConfig("/no/such/file.conf", 0)
	require.EqualError(t, err, "open /no/such/file.conf: no such file or directory")
}

func FuzzConfiguration(f *testing.F) {
	for _, pattern := range []string{"*/*.conf"} {
		files, err := filepath.Glob(filepath.Join(configs, pattern))
		require.NoError(f, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		input, wrong := (&document{}).decode(text, 0)
		require.True(t, input != nil || len(wrong) > 0)
		for _, p := range wrong {
			require.Positive(t, p.line)
			require.Error(t, p.err)
		}
	})
}

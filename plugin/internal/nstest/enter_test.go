package nstest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// childEnv makes this test binary, run by a test, behave as the value says.
const childEnv = "NSTEST_TEST_CHILD"

func TestMain(m *testing.M) { nstest.Main(m) }

// self returns a command that runs this test binary from the start: outside of
// what Enter has set up, as far as the binary can tell.
func self(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "RTNETLINK_") && !strings.HasPrefix(kv, "GOCOVERDIR=") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	return cmd
}

// TestChild is not a test of its own: other tests run it in a process.
func TestChild(t *testing.T) {
	switch os.Getenv(childEnv) {
	case "":
		t.Skip("only run by other tests")
	case "fail":
		t.Fatal("as asked")
	case "kill":
		p, _ := os.FindProcess(os.Getpid())
		_ = p.Kill()
		select {}
	case "new":
		nstest.New(t).Run("link set lo up")
	}
}

func TestExitStatusAndOutputPassThrough(t *testing.T) {
	nstest.Need(t)
	for _, c := range []struct {
		name   string
		env    []string
		status int
		output string
	}{
		{"success", []string{childEnv + "=new"}, 0, "PASS"},
		{"failure", []string{childEnv + "=fail"}, 1, "as asked"},
		{"killed", []string{childEnv + "=kill"}, 128 + 9, ""},
		{"forbidden skips", []string{childEnv + "=new", "RTNETLINK_NSTEST_DENIED=no such luck"}, 0, "no such luck"},
		{"forbidden but required fails", []string{childEnv + "=new", "RTNETLINK_NSTEST_DENIED=no such luck",
			nstest.RequireEnv + "=1"}, 1, "no such luck"},
		{"stray variable enters all the same", []string{childEnv + "=new", "RTNETLINK_NSTEST_PARENT=x"}, 0, "PASS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := self(t, "-test.run=^TestChild$", "-test.v")
			cmd.Env = append(cmd.Env, c.env...)
			out, _ := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != c.status {
				t.Errorf("status %d, want %d", got, c.status)
			}
			if !bytes.Contains(out, []byte(c.output)) {
				t.Errorf("output lacks %q:\n%s", c.output, out)
			}
		})
	}
}

func TestFuzzWorkersRunInside(t *testing.T) {
	nstest.Need(t)
	dir := t.TempDir()
	cmd := self(t, "-test.run=^$", "-test.fuzz=^FuzzCompile$", "-test.fuzztime=200x", "-test.parallel=1",
		"-test.fuzzcachedir="+dir)
	cmd.Env = append(cmd.Env, nstest.RequireEnv+"=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestBenchmarksAndProfilesPassThrough(t *testing.T) {
	nstest.Need(t)
	dir := t.TempDir()
	cmd := self(t, "-test.run=^$", "-test.bench=^BenchmarkCompile$", "-test.benchtime=1x",
		"-test.outputdir="+dir, "-test.memprofile=mem")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("BenchmarkCompile")) {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "mem")); err != nil {
		t.Error(err)
	}
}

func FuzzCompile(f *testing.F) {
	for _, c := range commands {
		f.Add(c)
	}
	ns := nstest.New(f)
	f.Fuzz(func(t *testing.T, line string) {
		r, err := ns.Compile(line)
		if err == nil && len(r.Body) == 0 {
			t.Errorf("%q compiles to nothing", line)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	ns := nstest.New(b)
	for b.Loop() {
		if _, err := ns.Compile("route add 10.1.2.0/24 via 10.0.0.9 dev #1 metric 10 proto static"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNeedToolFindsAProgramOrSkips(t *testing.T) {
	t.Setenv(nstest.RequireEnv, "")
	if got := nstest.NeedTool(t, "sh"); !filepath.IsAbs(got) {
		t.Errorf("sh is %q", got)
	}
	skipped := false
	t.Run("missing", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		nstest.NeedTool(t, "no-such-program")
	})
	if !skipped {
		t.Error("not skipped without the program")
	}
}

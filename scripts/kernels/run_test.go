package kernels

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// result is what a run left.
type result struct {
	stdout, stderr string
	status         int
}

// command is the script with TMPDIR in a directory of the test's own, and
// environment variables set.
func command(t *testing.T, temp string, env []string, args ...string) (*exec.Cmd, func() result) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("./run", args...)
	cmd.Env = append(append(os.Environ(), "TMPDIR="+temp), env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	return cmd, func() result {
		err := cmd.Wait()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	}
}

// run runs the script and requires that it leaves no file behind.
func run(t *testing.T, env []string, args ...string) result {
	t.Helper()
	temp := t.TempDir()
	cmd, wait := command(t, temp, env, args...)
	require.NoError(t, cmd.Start())
	r := wait()
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left, "it leaves files behind")
	return r
}

func TestWrongUseIsRefusedWithTheReason(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"no release", []string{"--", "true"}, "no release is named"},
		{"nothing at all", nil, "no release is named"},
		{"no command", []string{"bookworm"}, "no command follows"},
		{"a bad release", []string{"../etc", "--", "true"}, `"../etc" is no release`},
		{"a bad number", []string{"-j", "0", "bookworm", "--", "true"}, `not "0"`},
		{"a bad time", []string{"-t", "1h", "bookworm", "--", "true"}, `not "1h"`},
		{"a directory that is not there", []string{"-w", "/nonesuch", "bookworm", "--", "true"}, "-w /nonesuch: no such directory"},
		{"an unknown option", []string{"-x"}, "usage: run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := run(t, nil, test.args...)
			require.Equal(t, 125, r.status)
			require.Contains(t, r.stderr, test.want)
			require.Empty(t, r.stdout)
		})
	}
}

// toolsWithout returns a directory with links to all that the script needs, but
// for some.
func toolsWithout(t *testing.T, missing ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{
		"bash", "env", "dirname", "cat", "sort", "paste", "uname", "mktemp", "rm", "sed", "sleep", "mkdir", "head", "tail",
		"apt-get", "dpkg-deb", "flock", "depmod", "modprobe", "qemu-system-x86_64", "busybox", "cpio", "xz", "zstd", "setpriv",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/true\n"), 0o755)) //nolint:gosec // it is to be a program
		if found, err := exec.LookPath(name); err == nil {
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.Symlink(found, path))
		}
	}
	for _, name := range missing {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	return dir
}

func TestAMissingProgramIsNamedWithItsPackage(t *testing.T) {
	for _, test := range []struct {
		missing []string
		want    string
	}{
		{[]string{"qemu-system-x86_64"}, "missing here: qemu-system-x86; on Debian and Ubuntu: apt-get install qemu-system-x86"},
		{[]string{"busybox", "cpio"}, "apt-get install busybox-static cpio"},
		{[]string{"qemu-system-x86_64", "xz", "zstd"}, "apt-get install qemu-system-x86 xz-utils zstd"},
	} {
		t.Run(strings.Join(test.missing, ","), func(t *testing.T) {
			env := []string{"PATH=" + toolsWithout(t, test.missing...)}
			r := run(t, env, "bookworm", "--", "true")
			require.Equal(t, 125, r.status)
			require.Contains(t, r.stderr, test.want)
		})
	}
}

func TestWithoutAMirrorTheVariableIsNamed(t *testing.T) {
	dir := toolsWithout(t, "apt-get")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "apt-get"), []byte("#!/bin/bash\n"), 0o755)) //nolint:gosec // a program
	r := run(t, []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "RTNETLINK_KERNELS_CACHE=" + t.TempDir()}, "-f", "bookworm")
	require.Equal(t, 125, r.status)
	require.Contains(t, r.stderr, "name one in RTNETLINK_DEBIAN_MIRROR")
}

// needMachine skips unless machines are wanted.
func needMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("RTNETLINK_KERNELS") != "1" {
		t.Skip("RTNETLINK_KERNELS=1 runs machines")
	}
}

func TestTheCommandRunsOnTheKernelOfTheRelease(t *testing.T) {
	needMachine(t)
	shared := t.TempDir()
	script := `uname -r; echo "$WORD" >&2; pwd; id -u; echo kept >"$1/kept"; echo lost >/etc/lost; echo lost >lost
		ip link add d0 type dummy && ip -br link show d0; test -r run_test.go; exit 7`
	r := run(t, nil, "-w", shared, "-e", "WORD=two words", "bookworm", "--", "bash", "-c", script, "-", shared)
	require.Equal(t, 7, r.status, r.stderr)
	here, err := os.Getwd()
	require.NoError(t, err)
	words := strings.Fields(r.stdout)
	require.True(t, strings.HasPrefix(words[0], "6.1."), r.stdout)
	require.Equal(t, []string{here, "0", "d0"}, words[1:4])
	require.Contains(t, r.stderr, "two words")
	b, err := os.ReadFile(filepath.Join(shared, "kept"))
	require.NoError(t, err)
	require.Equal(t, "kept\n", string(b))
	require.NoFileExists(t, "/etc/lost")
	require.NoFileExists(t, "lost")
}

func TestSeveralMachinesAtOnceAndTheHighestStatus(t *testing.T) {
	needMachine(t)
	script := `case $(uname -r) in 6.1.*) exit 3;; *) exit 1;; esac`
	r := run(t, nil, "-j", "2", "bookworm", "bullseye", "bookworm", "--", "bash", "-c", "echo $(hostname) here; "+script)
	require.Equal(t, 3, r.status, r.stderr)
	require.Contains(t, r.stdout, "bookworm: bookworm here\n")
	require.Contains(t, r.stdout, "bullseye: bullseye here\n")
}

func TestACrashAndAnEndlessCommandAreReported(t *testing.T) {
	needMachine(t)
	r := run(t, nil, "bookworm", "--", "bash", "-c", "echo before; echo c >/proc/sysrq-trigger; sleep 60")
	require.Equal(t, 125, r.status)
	require.Contains(t, r.stderr, "the machine ended before the command did")
	require.Contains(t, r.stderr, "sysrq triggered crash")
	require.Equal(t, "before\n", r.stdout)
	r = run(t, nil, "-t", "45", "bookworm", "--", "sleep", "1000")
	require.Equal(t, 124, r.status)
	require.Contains(t, r.stderr, "no end after 45 seconds")
}

// TestNothingOutlivesARunThatIsEnded waits until the machine is there.
func TestNothingOutlivesARunThatIsEnded(t *testing.T) {
	needMachine(t)
	temp, shared := t.TempDir(), t.TempDir()
	cmd, wait := command(t, temp, nil, "-w", shared, "bookworm", "--", "bash", "-c", `echo up >"$1/up"; sleep 1000`, "-", shared)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(shared, "up"))
		return err == nil
	}, 5*time.Minute, 100*time.Millisecond)
	require.NotEmpty(t, machines(t, temp))
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Equal(t, 130, wait().status)
	require.Empty(t, machines(t, temp))
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}

// machines returns the processes that name a directory.
func machines(t *testing.T, dir string) (found []string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, file := range lines {
		if b, err := os.ReadFile(file); err == nil && bytes.Contains(b, []byte(dir)) {
			found = append(found, strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return found
}

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/scripts/testkit"
)

// The environment variables of the tests.
const (
	envTelegraf = "RTNETLINK_E2E"       // 1: run the tests that need a Telegraf
	envKeep     = "RTNETLINK_E2E_BIN"   // where the stock Telegraf is kept
	envPrograms = "RTNETLINK_E2E_BUILT" // set by TestMain: where the programs are
)

// TestMain builds the programs where there is a network, then moves into
// namespaces where there is none.
func TestMain(m *testing.M) {
	if os.Getenv(envPrograms) != "" {
		nstest.Main(m)
	}
	dir, err := os.MkdirTemp("", "rtnetlink-e2e")
	if err == nil {
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: building:", err)
		os.Exit(1)
	}
	_ = os.Setenv(envPrograms, dir)
	status := again()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// again runs the test binary once more, so that this process can clean up
// behind it.
func again() int {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return 1
	}
	return 0
}

// build makes the programs that the tests run.
func build(dir string) error {
	if err := output("go", "build", "-o", dir+"/", "../../cmd/telegraf-rtnetlink"); err != nil {
		return err
	}
	if os.Getenv(envTelegraf) != "1" {
		return nil
	}
	if err := buildOwn(dir + "/own"); err != nil {
		return err
	}
	if err := output("go", "build", "-o", dir+"/agent", "./testdata/agent"); err != nil {
		return err
	}
	return buildTelegraf(filepath.Join(dir, "telegraf"))
}

// buildTelegraf makes a stock Telegraf, or brings the one that is kept up to date.
func buildTelegraf(file string) error {
	out := file
	if keep := os.Getenv(envKeep); keep != "" {
		out = filepath.Join(keep, "telegraf-stock")
	}
	if err := output("../../scripts/build-telegraf.sh", "-s", "-p", testkit.TelegrafPlugins, "-o", out); err != nil || out == file {
		return err
	}
	return os.Symlink(out, file)
}

// output runs a command; its error holds what the command printed.
func output(name string, args ...string) error {
	text, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, text)
	}
	return nil
}

// needTelegraf skips tests for which no Telegraf was built.
func needTelegraf(t *testing.T) {
	t.Helper()
	if os.Getenv(envTelegraf) != "1" {
		t.Skipf("needs a Telegraf, which takes minutes to build: set %s=1", envTelegraf)
	}
}

// programPath is the path of a built program.
func programPath(name string) string { return filepath.Join(os.Getenv(envPrograms), name) }

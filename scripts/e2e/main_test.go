package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"telegraf-rtnetlink/scripts/testkit"
)

// The environment that TestMain hands to itself inside the namespace.
const (
	envOn     = "RTNETLINK_E2E"
	envBin    = "RTNETLINK_E2E_BIN"
	envInside = "RTNETLINK_E2E_INSIDE"
)

// TestMain builds the programs, then runs the tests again in namespaces of
// their own, in which there is no way to a module proxy.
func TestMain(m *testing.M) {
	if os.Getenv(envOn) != "1" {
		os.Exit(m.Run())
	}
	var err error
	if os.Getenv(envInside) == "" {
		err = runInside()
	} else if err = prepareNamespace(); err == nil {
		os.Exit(m.Run())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
}

// runInside builds what is missing and runs this test binary in new namespaces.
func runInside() error {
	bin := os.Getenv(envBin)
	if bin == "" {
		dir, err := os.MkdirTemp("", "rtnetlink-e2e")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		bin = dir
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		return err
	}
	if err := build(bin); err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), envInside+"=1", envBin+"="+bin)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd.Run()
}

// build makes the three programs in dir.
func build(dir string) error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	steps := [][]string{
		{"go", "build", "-o", filepath.Join(dir, "telegraf-rtnetlink"), "./cmd/telegraf-rtnetlink"},
		{"scripts/build-telegraf.sh", "-p", testkit.TelegrafPlugins, "-o", filepath.Join(dir, "telegraf-custom")},
		{"scripts/build-telegraf.sh", "-s", "-p", testkit.TelegrafPlugins, "-o", filepath.Join(dir, "telegraf-stock")},
	}
	for _, step := range steps {
		cmd := exec.Command(step[0], step[1:]...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	return nil
}

// prepareNamespace sets the loopback up and gives "ip netns" a place of its own.
func prepareNamespace() error {
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	if err := syscall.Mount("tmpfs", "/run", "tmpfs", 0, ""); err != nil {
		return fmt.Errorf("mounting an own /run: %w", err)
	}
	out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput()
	if err != nil {
		return fmt.Errorf("setting lo up: %w: %s", err, out)
	}
	return nil
}

// needE2E skips the test where the parts are not asked for.
func needE2E(t *testing.T) {
	t.Helper()
	if os.Getenv(envInside) == "" {
		t.Skip("needs influxd and builds Telegraf; set " + envOn + "=1 to run it")
	}
}

// program returns the path of a built program.
func program(name string) string { return filepath.Join(os.Getenv(envBin), name) }

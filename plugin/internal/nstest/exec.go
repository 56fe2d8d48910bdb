package nstest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Start starts cmd in the namespace.
func (ns *NS) Start(cmd *exec.Cmd) error { return ns.Do(cmd.Start) }

// HasIP reports whether iproute2's ip is installed.
func (ns *NS) HasIP() bool {
	_, err := exec.LookPath("ip")
	return err == nil
}

// IP runs the real ip(8) in the namespace and returns what it prints.
func (ns *NS) IP(args ...string) string {
	ns.t.Helper()
	out, err := ns.TryIP(args...)
	if err != nil {
		ns.t.Fatal(err)
	}
	return out
}

// TryIP is IP returning the error, with what ip printed about it.
func (ns *NS) TryIP(args ...string) (string, error) { return ns.Output("ip", args...) }

// IPJSON runs "ip -j -d" in the namespace and decodes its output into v.
func (ns *NS) IPJSON(v any, args ...string) {
	ns.t.Helper()
	out := ns.IP(append([]string{"-j", "-d"}, args...)...)
	if strings.TrimSpace(out) == "" {
		out = "[]" // ip prints nothing where a table does not exist
	}
	if err := json.Unmarshal([]byte(out), v); err != nil {
		ns.t.Fatalf("ip -j -d %s: %v in %q", strings.Join(args, " "), err, out)
	}
}

// Output runs a command in the namespace and returns what it prints; the error
// has what it said on standard error.
func (ns *NS) Output(name string, args ...string) (string, error) {
	var out []byte
	err := ns.Do(func() error {
		var err error
		out, err = exec.Command(name, args...).Output()
		return err
	})
	if err == nil {
		return string(out), nil
	}
	line := strings.Join(append([]string{name}, args...), " ")
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(out), fmt.Errorf("%s: %w: %s", line, err, exit.Stderr)
	}
	return string(out), fmt.Errorf("%s: %w", line, err)
}

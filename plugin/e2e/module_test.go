package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// buildOwn builds an agent of one's own in dir with the commands and the import
// that the README gives for it. TestMain does it, while there is a network.
func buildOwn(dir string) error {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(readme), "**In an agent of your own**")
	_, rest, _ = strings.Cut(rest, "```sh\n")
	commands, rest, _ := strings.Cut(rest, "```\n")
	_, rest, _ = strings.Cut(rest, "`import ")
	imported, _, ok := strings.Cut(rest, "`")
	if !ok {
		return errors.New("the README has no commands and no import for an agent of one's own")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	program := "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/influxdata/telegraf/plugins/inputs\"\n\n\t" + imported +
		"\n)\n\nfunc main() { fmt.Print(inputs.Inputs[\"rtnetlink\"]().SampleConfig()) }\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600); err != nil {
		return err
	}
	commands = strings.ReplaceAll(commands, "/path/to/telegraf-rtnetlink", root)
	return output("bash", "-ec", "cd "+dir+"\ngo mod init example.org/agent\n"+commands+"\ngo build -o agent .")
}

func TestTheModuleOfTheReadme(t *testing.T) {
	needTelegraf(t)
	out, err := exec.Command(programPath("own/agent")).Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "[[inputs.rtnetlink]]")
}

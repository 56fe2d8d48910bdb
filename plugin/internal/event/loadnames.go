package event

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// LoadNames makes the names in iproute2's configuration directories those of
// route tables, route and address protocols, scopes, link groups, realms, DS
// fields and reasons of proto_down, on top of the built-in ones: what `ip` shows. It reads rt_tables,
// rt_protos, rt_scopes, rt_addrprotos, group, rt_realms, rt_dsfield,
// protodown_reasons, and NAME.d/*.conf beside each, from each directory in
// turn; a later name for a number wins. So LoadNames("/usr/share/iproute2",
// "/etc/iproute2") is what iproute2 does. Files and directories that do not
// exist are no error. A file that cannot be read or a malformed line is left
// out, and named by the error; the rest is in force all the same.
//
// The names are those of the process. LoadNames may be called at any time and
// by any goroutine; a value decoded meanwhile has the old or the new name.
func LoadNames(dirs ...string) error {
	t := builtinNames()
	var errs []error
	for _, dir := range dirs {
		for _, f := range []struct {
			base string
			into idNames
		}{
			{"rt_tables", t.table.all}, {"rt_protos", t.protocol.all}, {"rt_scopes", t.scope.all},
			{"rt_addrprotos", t.addrProtocol.all}, {"group", t.group.all},
			{"rt_realms", t.realm.all}, {"rt_dsfield", t.dsfield.all}, {"protodown_reasons", t.protoDown.all},
		} {
			errs = append(errs, loadNames(filepath.Join(dir, f.base), f.into)...)
		}
	}
	t.use()
	return errors.Join(errs...)
}

// loadNames reads path and path.d/*.conf.
func loadNames(path string, into idNames) (errs []error) {
	more, _ := filepath.Glob(filepath.Join(path+".d", "*.conf")) // the pattern is well-formed
	for _, p := range append([]string{path}, more...) {
		if err := readNames(p, into); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errs
}

// readNames reads one file: lines of a number, decimal or 0x hex, and a name;
// "#" starts a comment.
func readNames(path string, into idNames) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var errs []error
	in := bufio.NewScanner(f)
	for line := 1; in.Scan(); line++ {
		if err := parseName(in.Text(), into); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, line, err))
		}
	}
	if err := in.Err(); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", path, err))
	}
	return errors.Join(errs...)
}

func parseName(line string, into idNames) error {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	id, err := parseID(words[0])
	if err != nil || len(words) < 2 {
		return fmt.Errorf("want a number and a name, got %q", line)
	}
	into[id] = strings.ToValidUTF8(words[1], "\uFFFD")
	return nil
}

func parseID(s string) (uint32, error) {
	base := 10
	if rest, ok := strings.CutPrefix(s, "0x"); ok {
		s, base = rest, 16
	}
	id, err := strconv.ParseUint(s, base, 32)
	return uint32(id), err
}

// Package source reads the rows of a stream from where outputs of Telegraf have
// put them: files of line protocol or JSON, compressed or not, standard input,
// an InfluxDB 1.x, a PostgreSQL. What is wrong with a source is noted, once per
// kind, and costs the rows that it concerns.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/history"
)

// Options say what is wanted of a source. A file is read whole, whatever they
// say: its clock may have been set back.
type Options struct {
	From int64  // ns: the state at that time is wanted, and what comes behind it
	To   int64  // ns: nothing behind it but the next row of each plugin
	Host string // of a database only the rows of this host; empty for all
	// Stdin is what the source "-" reads.
	Stdin io.Reader
	// Progress is told how many bytes of files have been read, of how many, 0
	// where that is not known; nil: nobody is.
	Progress func(read, total int64)
	// Notes collects what was wrong.
	Notes *Notes
}

// ErrDone ends reading without an error: add returns it when it has enough.
var ErrDone = errors.New("enough was read")

// Read calls add with each row of the sources. The row is valid during the call.
// Files come in the order of their first rows, the rows of a database in the
// order of time.
func Read(ctx context.Context, specs []string, o Options, add func(*history.Row) error) error {
	var files []string
	for _, spec := range specs {
		switch scheme, _, ok := strings.Cut(spec, "://"); {
		case !ok:
			files = append(files, spec)
		case scheme == "influxdb" || scheme == "influxdbs":
			if err := influx(ctx, spec, o, add); err != nil {
				return done(err)
			}
		case scheme == "postgres" || scheme == "postgresql":
			if err := postgres(ctx, spec, o, add); err != nil {
				return done(err)
			}
		default:
			return fmt.Errorf("%q: unknown scheme %q (choices: influxdb, influxdbs, postgres; a file has none)", spec, scheme)
		}
	}
	if len(files) == 0 {
		return nil
	}
	return done(readFiles(files, o, add))
}

// Files lists the files among the sources, patterns resolved. An error is that of a
// pattern.
func Files(specs []string) ([]string, error) {
	files, err := expand(slices.DeleteFunc(slices.Clone(specs), Database))
	return slices.DeleteFunc(files, func(name string) bool { return name == "-" }), err
}

// done takes the end that add asked for as none.
func done(err error) error {
	if errors.Is(err, ErrDone) {
		return nil
	}
	return err
}

// Database reports whether a source is one whose rows come in the order of time.
func Database(spec string) bool { return strings.Contains(spec, "://") }

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"telegraf-rtnetlink/scripts/bench/load"
	"telegraf-rtnetlink/scripts/influxd"
)

// A way is how events leave through Telegraf.
type way struct {
	name   string
	input  string // of the configuration
	output func(run int) string
	// count returns how many events have arrived by now.
	count func(p *pipeline) (int64, error)
}

// outputs measures how many events a second leave through Telegraf, each way, and
// compares with what the same Telegraf makes of the same lines when they come from
// a file and cost nothing.
func outputs(b *bench) error {
	if b.ours == nil || b.telegraf == "" {
		return nil
	}
	n := max(b.routes4/5, 1)
	dev, _, err := b.load(false, n)
	if err != nil {
		return err
	}
	db, err := startDatabase(b.dir)
	if err != nil {
		return err
	}
	defer db.end()
	lines := filepath.Join(b.dir, "lines")
	o := &outlets{dir: b.dir, program: b.binary, telegraf: b.telegraf}
	config, err := o.record(lines, n)
	if err != nil {
		return err
	}
	fromFile := execd("sh", "-c", "cat "+lines+"; exec sleep 1000")
	for _, w := range []way{
		{"under inputs.execd, to outputs.file", execd(b.binary, "-config", config, "-poll_interval_disabled"), toFile, (*pipeline).printed},
		{"compiled in, to InfluxDB", allRoutes, db.output, db.count},
	} {
		own := w
		own.input = fromFile
		var events, ceiling float64
		for range 2 {
			one, err1 := o.through(w, n)
			other, err2 := o.through(own, n)
			if err := errors.Join(err1, err2); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			events, ceiling = max(events, one), max(ceiling, other)
		}
		b.table.set(fmt.Sprintf("%s events through Telegraf, %s: events/s", number(n), w.name), oursName,
			fmt.Sprintf("%s (%.2f × of %s from a file)", number(int64(events)), events/ceiling, number(int64(ceiling))))
	}
	return dev.Delete()
}

// allRoutes is an input that tells of the routes that are there.
const allRoutes = `[[inputs.rtnetlink]]
  objects = ["route"]
  max_events_per_second = 0
`

// outlets starts the programs that events go through.
type outlets struct {
	dir      string // of what they are configured by
	program  string
	telegraf string
	runs     int // of Telegraf so far: each has a database of its own
}

// record writes the n lines that the program prints about the routes that are
// there, and returns the configuration it did so with.
func (o *outlets) record(lines string, n int) (config string, err error) {
	config = filepath.Join(o.dir, "routes.conf")
	if err := os.WriteFile(config, []byte(allRoutes), 0o600); err != nil {
		return "", err
	}
	var text bytes.Buffer
	left := n
	whole := signal("")
	p, err := start(exec.Command(o.program, "-config", config, "-poll_interval_disabled"), func(line []byte) {
		if left > 0 && isRoute(line) {
			text.Write(append(line, '\n'))
			if left--; left == 0 {
				whole.line(nil)
			}
		}
	}, func([]byte) {})
	if err != nil {
		return "", err
	}
	defer p.stop()
	if err := p.await(whole.c, "all routes", patience); err != nil {
		return "", err
	}
	return config, os.WriteFile(lines, text.Bytes(), 0o600)
}

func isRoute(line []byte) bool { return bytes.HasPrefix(line, []byte("rtnetlink_route,")) }

func execd(command ...string) string {
	words, _ := json.Marshal(command) // a list of strings is one in TOML also
	return fmt.Sprintf("[[inputs.execd]]\n  command = %s\n  signal = \"none\"\n  data_format = \"influx\"\n", words)
}

func toFile(int) string {
	return "[[outputs.file]]\n  files = [\"stdout\"]\n  data_format = \"influx\"\n"
}

// pipeline is a running Telegraf.
type pipeline struct {
	run   int
	lines atomic.Int64 // about routes that it has printed
}

func (p *pipeline) printed() (int64, error) { return p.lines.Load(), nil }

// through lets n events through a Telegraf and returns how many a second arrive,
// from when the first has.
func (o *outlets) through(w way, n int) (perSecond float64, err error) {
	o.runs++
	pipe := &pipeline{run: o.runs}
	config := filepath.Join(o.dir, "telegraf.conf")
	text := fmt.Sprintf("[agent]\n  flush_interval = \"100ms\"\n  metric_buffer_limit = %d\n  omit_hostname = true\n%s%s", 2*n+10_000, w.input, w.output(pipe.run))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return 0, err
	}
	p, err := start(exec.Command(o.telegraf, "--config", config), func(line []byte) {
		if isRoute(line) {
			pipe.lines.Add(1)
		}
	}, func([]byte) {})
	if err != nil {
		return 0, err
	}
	defer p.stop()
	var first int64
	var began time.Time
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		count, err := w.count(pipe)
		switch {
		case err != nil:
			return 0, err
		case count > 0 && first == 0:
			first, began = count, time.Now()
		case count >= int64(n) && count > first:
			return float64(count-first) / time.Since(began).Seconds(), nil
		}
	}
	return 0, fmt.Errorf("not all of %d events arrived within %s:\n%s", n, patience, p.log.String())
}

// database is an InfluxDB 1.x. It listens on the loopback device also, which is up
// as long as it runs.
type database struct {
	*process
	loopback *load.Device
	socket   string
	client   http.Client
}

func startDatabase(dir string) (*database, error) {
	db := &database{socket: filepath.Join(dir, "influxdb.socket")}
	db.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", db.socket)
	}}
	config, err := influxd.Config{Address: "127.0.0.1:0", HTTP: []string{"unix-socket-enabled = true", fmt.Sprintf("bind-socket = %q", db.socket)}}.Write(dir)
	if err != nil {
		return nil, err
	}
	if db.loopback, err = load.Loopback(); err != nil {
		return nil, err
	}
	if err := db.loopback.SetUp(true); err != nil {
		return nil, err
	}
	if db.process, err = start(exec.Command("influxd", "-config", config), func([]byte) {}, func([]byte) {}); err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if db.answers() == nil {
			return db, nil
		}
		select {
		case <-db.ended:
			end = time.Now()
		case <-time.After(20 * time.Millisecond):
		}
	}
	db.end()
	return nil, fmt.Errorf("influxd does not answer:\n%s", db.log.String())
}

func (db *database) answers() error {
	_, err := db.query("show databases", "")
	return err
}

func (db *database) end() {
	db.stop()
	_ = db.loopback.SetUp(false) // what is measured next goes through no loopback
}

func databaseName(run int) string { return fmt.Sprintf("run%d", run) }

func (db *database) output(run int) string {
	return fmt.Sprintf("[[outputs.influxdb]]\n  urls = [%q]\n  database = %q\n", "unix://"+db.socket, databaseName(run))
}

// count returns how many events of routes a run has stored.
func (db *database) count(p *pipeline) (int64, error) {
	return db.query("select count(seq) from rtnetlink_route", databaseName(p.run))
}

// query returns the last number of the only row of an answer, 0 where there is none.
func (db *database) query(q, name string) (int64, error) {
	resp, err := db.client.Get("http://influxd/query?" + url.Values{"q": {q}, "db": {name}}.Encode())
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }() // it has been read
	var answer struct {
		Results []struct {
			Series []struct{ Values [][]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return 0, err
	}
	if len(answer.Results) == 0 || len(answer.Results[0].Series) == 0 || len(answer.Results[0].Series[0].Values) == 0 {
		return 0, nil
	}
	row := answer.Results[0].Series[0].Values[0]
	n, _ := row[len(row)-1].(float64)
	return int64(n), nil
}

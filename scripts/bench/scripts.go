package main

import (
	"fmt"
	"os"
	"path/filepath"

	"telegraf-rtnetlink/scripts/bench/load"
)

// readyScripts are hooks to deploy that look at every route and keep its metric.
var readyScripts = []string{"default_route_lost.lua", "route_leak.lua", "uplink.lua"}

// copyScripts copies them to dir.
func copyScripts(from, dir string) error {
	for _, name := range readyScripts {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// churnWithScripts is churnAll for the input with scripts.
func (b *bench) churnWithScripts(routes load.Routes) error {
	if b.ours == nil {
		return nil
	}
	var more string
	for _, name := range readyScripts {
		more += fmt.Sprintf("  [[inputs.rtnetlink.lua]]\n    script = %q\n", filepath.Join(b.dir, name))
	}
	config, err := b.configure("scripts.conf", more)
	if err != nil {
		return err
	}
	ours := b.product(config)
	f, err := ours.follow()
	if err != nil {
		return err
	}
	defer f.stop()
	c, err := b.churnBefore(f, routes)
	if err != nil {
		return err
	}
	row := fmt.Sprintf("the churn with %d scripts: events/s, of these seen", len(readyScripts))
	b.table.set(row, oursName, fmt.Sprintf("%s, %s", number(int64(c.rate)), share(c.events, int64(b.operations()), c.problem)))
	return nil
}

// Command board writes the dashboards, one for each kind of database, from one
// table of panels (panels.go):
//
//	cd scripts/dashboard && go run ./board
//
// A panel that a database cannot answer is left out of its dashboard, and the
// others close up.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := "."
	if len(os.Args) == 2 {
		dir = os.Args[1]
	}
	for _, s := range sources {
		if err := os.WriteFile(filepath.Join(dir, s.file()), s.board(), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, "board:", err)
			os.Exit(1)
		}
	}
}

// source is a kind of database that dashboards are made for.
type source struct {
	name, plugin string // as Grafana calls the plugin
	words        string // for people
	// target completes a target of a query.
	target func(object, query)
	// variable returns the part of a variable that asks for the values of a label.
	variable    func(label string) object
	annotations []annotation
}

var sources = []source{
	{"influxql", "influxdb", "InfluxDB, queried with InfluxQL", influxTarget, influxVariable, influxAnnotations},
	{"prometheus", "prometheus", "Prometheus", prometheusTarget, prometheusVariable, nil},
	{"postgresql", "grafana-postgresql-datasource", "PostgreSQL, as Telegraf's outputs.postgresql fills it", sqlTarget, sqlVariable, sqlAnnotations},
}

type object = map[string]any

func (s *source) file() string { return "rtnetlink-" + s.name + ".json" }

// uid refers to the data source that the user picks at the top.
func (s *source) uid() object { return object{"type": s.plugin, "uid": "${datasource}"} }

func (s *source) board() []byte {
	b := object{
		"title": "Network state (rtnetlink)", "uid": "rtnetlink-" + s.name,
		"description": "What the kernel's networking state is and how it changed: links, routes, neighbors, by whom, " +
			"and how well the input keeps up. For metrics of Telegraf's rtnetlink input in " + s.words + ".",
		"tags": []string{"telegraf", "network", "rtnetlink"}, "editable": true, "graphTooltip": 1, "schemaVersion": 41,
		"version": 1, "refresh": "30s", "timezone": "browser", "time": object{"from": "now-1h", "to": "now"},
		"timepicker": object{}, "fiscalYearStartMonth": 0, "liveNow": false, "weekStart": "", "links": []any{},
		"templating":  object{"list": s.variables()},
		"annotations": object{"list": s.annotationList()},
		"panels":      s.panels(),
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(b); err != nil {
		panic(err) // of maps, texts and numbers
	}
	return text.Bytes()
}

func (s *source) variables() []any {
	list := []any{object{
		"name": "datasource", "label": "Data source", "type": "datasource", "hide": 0, "query": s.plugin,
		"refresh": 1, "regex": "", "multi": false, "includeAll": false, "options": []any{},
	}}
	for _, v := range [][2]string{{"host", "Host"}, {"interface", "Interface"}} {
		o := object{
			"name": v[0], "label": v[1], "type": "query", "hide": 0, "datasource": s.uid(), "refresh": 2, "sort": 1,
			"multi": true, "includeAll": true, "current": object{"selected": true, "text": []string{"All"}, "value": []string{"$__all"}},
			"options": []any{},
		}
		for key, value := range s.variable(v[0]) {
			o[key] = value
		}
		list = append(list, o)
	}
	return list
}

func (s *source) annotationList() []any {
	list := []any{object{
		"name": "Annotations & Alerts", "datasource": object{"type": "grafana", "uid": "-- Grafana --"}, "enable": true,
		"hide": true, "builtIn": 1, "iconColor": "rgba(0, 211, 255, 1)", "type": "dashboard",
	}}
	for _, a := range s.annotations {
		list = append(list, object{
			"name": a.name, "datasource": s.uid(), "enable": true, "hide": false, "iconColor": a.color, "target": a.target,
		})
	}
	return list
}

// panels lays the panels out in the order of the table, in rows of 24 units.
func (s *source) panels() []any {
	var list []any
	id, x, y, height := 0, 0, 0, 0
	for _, p := range panels {
		queries := p.queries[s.name]
		if len(queries) == 0 && p.kind != "row" {
			continue
		}
		if x+p.width > 24 {
			x, y = 0, y+height
		}
		if x == 0 {
			height = 0
		}
		height = max(height, p.height)
		id++
		list = append(list, s.panel(p, id, object{"x": x, "y": y, "w": p.width, "h": p.height}))
		if x += p.width; x == 24 {
			x, y = 0, y+height
		}
	}
	return list
}

func (s *source) panel(p panel, id int, at object) object {
	o := object{"id": id, "type": p.kind, "title": p.title, "gridPos": at}
	if p.kind == "row" {
		o["collapsed"], o["panels"] = false, []any{}
		return o
	}
	o["description"], o["datasource"] = p.about, s.uid()
	o["fieldConfig"] = object{"defaults": p.defaults(), "overrides": []any{}}
	o["options"] = p.options()
	if p.kind != "stat" && p.kind != "table" {
		o["interval"] = "10s"
	}
	var targets []any
	for i, q := range p.queries[s.name] {
		t := object{"datasource": s.uid(), "refId": string(rune('A' + i))}
		q.table = p.kind == "table"
		q.instant = p.kind == "stat"
		s.target(t, q)
		targets = append(targets, t)
	}
	o["targets"] = targets
	return o
}

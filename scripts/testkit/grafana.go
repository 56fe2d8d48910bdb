package testkit

import (
	"cmp"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// Query is one of a dashboard, with the variables that Grafana replaces.
type Query struct {
	Kind   string // the panel's type, "annotation" or "variable"
	Title  string // of the panel, or the name
	Alias  string // of its series
	Series bool   // rows are a series over time
	Text   string
}

// target is a query in the form of any of the databases.
type target struct{ Query, Alias, RawSql, Format, Expr, LegendFormat string }

func (q target) of(kind, title string) Query {
	return Query{kind, title, cmp.Or(q.Alias, q.LegendFormat), q.Format == "time_series" || kind == "annotation", cmp.Or(q.Query, q.RawSql, q.Expr)}
}

// Queries returns all queries of a dashboard's file: of panels, annotations and
// variables.
func Queries(t testing.TB, path string) (list []Query) {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var board struct {
		Panels []struct {
			Title, Type string
			Targets     []target
		}
		Annotations struct {
			List []struct {
				Name   string
				Target target
			}
		}
		Templating struct {
			List []struct {
				Name, Type string
				Query      json.RawMessage
			}
		}
	}
	require.NoError(t, json.Unmarshal(raw, &board))
	add := func(q Query) {
		if q.Text != "" {
			list = append(list, q)
		}
	}
	for _, panel := range board.Panels {
		for _, q := range panel.Targets {
			add(q.of(panel.Type, panel.Title))
		}
	}
	for _, a := range board.Annotations.List {
		add(a.Target.of("annotation", a.Name))
	}
	for _, v := range board.Templating.List {
		var text string
		if v.Type == "query" && json.Unmarshal(v.Query, &text) == nil { // that of Prometheus is an object
			add(Query{Kind: "variable", Title: v.Name, Text: text})
		}
	}
	return list
}

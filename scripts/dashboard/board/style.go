package main

// panel is one row of the table of panels.
type panel struct {
	kind, title   string
	about         string // what it shows and what to make of it
	width, height int
	unit          string      // Grafana's; empty: a plain number
	steps         []step      // of a stat: which color from which value on
	none          string      // of a stat: what stands there without data
	states        [][2]string // of a state-timeline: word and color by value
	bars          bool        // of a timeseries: stacked bars, for counts of events
	// queries by name of source; a source without one goes without the panel.
	queries map[string][]query
}

// query asks for what a panel shows. alias names its series.
type query struct {
	text, alias    string
	table, instant bool
}

// step is a color from a value on; nil is for everything below the next.
type step struct {
	color string
	from  any
}

var (
	neutral  = []step{{"blue", nil}}
	badAbove = []step{{"green", nil}, {"red", 1}}
	badBelow = []step{{"red", nil}, {"green", 1}}
)

// defaults are the panel's settings of fields.
func (p panel) defaults() object {
	d := object{}
	if p.unit != "" {
		d["unit"] = p.unit
	}
	switch p.kind {
	case "stat":
		d["thresholds"] = thresholds(p.steps)
		if p.none != "" {
			d["noValue"] = p.none
		}
	case "timeseries":
		custom := object{"drawStyle": "line", "fillOpacity": 10, "lineWidth": 1, "showPoints": "never", "spanNulls": true}
		if p.bars {
			custom["drawStyle"], custom["fillOpacity"] = "bars", 60
			custom["stacking"] = object{"mode": "normal", "group": "A"}
		}
		d["custom"], d["min"] = custom, 0
	case "state-timeline":
		d["mappings"] = p.mappings()
		d["thresholds"] = thresholds([]step{{"green", nil}})
		d["custom"] = object{"fillOpacity": 80, "lineWidth": 0}
	case "table":
		d["custom"] = object{"align": "auto", "filterable": true, "inspect": false}
	}
	return d
}

func thresholds(steps []step) object {
	var list []any
	for _, s := range steps {
		list = append(list, object{"color": s.color, "value": s.from})
	}
	return object{"mode": "absolute", "steps": list}
}

var (
	// operStates are IF_OPER_* (uapi/linux/if.h).
	operStates = [][2]string{
		{"unknown", "blue"}, {"notpresent", "dark-red"}, {"down", "red"}, {"lowerlayerdown", "orange"},
		{"testing", "purple"}, {"dormant", "yellow"}, {"up", "green"},
	}
	// portStates are bond_up * (1 + bond_active).
	portStates = [][2]string{{"out of use", "red"}, {"reserve", "blue"}, {"active", "green"}}
)

// mappings turns values into words and colors.
func (p panel) mappings() []any {
	options := object{}
	for i, s := range p.states {
		options[string(rune('0'+i))] = object{"text": s[0], "color": s[1], "index": i}
	}
	return []any{object{"type": "value", "options": options}}
}

// options are the panel's settings of its drawing.
func (p panel) options() object {
	legend := object{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []any{}}
	switch p.kind {
	case "stat":
		return object{
			"colorMode": "background", "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "textMode": "auto",
			"wideLayout": true, "showPercentChange": false, "percentChangeColorMode": "standard",
			"reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
		}
	case "state-timeline":
		return object{
			"mergeValues": true, "showValue": "never", "alignValue": "left", "rowHeight": 0.8, "legend": legend,
			"tooltip": object{"mode": "single", "sort": "none"},
		}
	case "table":
		return object{"cellHeight": "sm", "showHeader": true, "frameIndex": 0}
	}
	return object{"legend": legend, "tooltip": object{"mode": "multi", "sort": "desc"}}
}

package main

// annotation is a mark in all graphs of a dashboard.
type annotation struct {
	name, color string
	target      object
}

const (
	influxHost = `"host" =~ /^$host$/`
	influxTime = `$timeFilter AND time < now()` // without a bound there would be an interval from now on
	influxLink = influxHost + ` AND "interface" =~ /^$interface$/`
)

func influxTarget(t object, q query) {
	t["rawQuery"], t["query"] = true, q.text
	t["resultFormat"] = "time_series"
	if q.table {
		t["resultFormat"] = "table"
	}
	if q.alias != "" {
		t["alias"] = q.alias
	}
}

func influxVariable(label string) object {
	text := `SHOW TAG VALUES FROM "rtnetlink_interface" WITH KEY = "` + label + `"`
	if label != "host" {
		text += ` WHERE ` + influxHost
	}
	return object{"query": text, "allValue": ".*"}
}

func influxAnnotation(name, color, text, words, tags string) annotation {
	return annotation{name, color, object{
		"refId": "Anno", "fromAnnotations": true, "rawQuery": true, "resultFormat": "table", "query": text,
		"textColumn": words, "tagsColumn": tags,
	}}
}

var influxAnnotations = []annotation{
	influxAnnotation("Link state", "orange", `SELECT "operstate", "interface" FROM "rtnetlink_link" WHERE `+influxLink+
		` AND "changed" =~ /operstate/ AND $timeFilter`, "operstate", "interface"),
	influxAnnotation("Links added and removed", "purple", `SELECT "operstate", "action", "interface" FROM "rtnetlink_link" WHERE `+influxLink+
		` AND "origin" != 'dump' AND "action" =~ /^(new|delete)$/ AND $timeFilter`, "action", "interface"),
	influxAnnotation("Default route", "red", `SELECT "dst", "gateway", "action", "interface" FROM "rtnetlink_route" WHERE `+influxHost+
		` AND "dst" = 'default' AND "origin" != 'dump' AND $timeFilter`, "gateway", "action,interface"),
}

// Telegraf's agent adds the label host, and hides those of the scrape.
const (
	prometheusHost = `host=~"$host"`
	prometheusLink = prometheusHost + `,interface=~"$interface"`
)

func prometheusTarget(t object, q query) {
	t["expr"], t["editorMode"], t["legendFormat"] = q.text, "code", "__auto"
	t["range"], t["instant"], t["format"] = !q.instant && !q.table, q.instant || q.table, "time_series"
	if q.table {
		t["format"] = "table"
	}
	if q.alias != "" {
		t["legendFormat"] = q.alias
	}
}

func prometheusVariable(label string) object {
	text := "label_values(rtnetlink_interface_up, host)"
	if label != "host" {
		text = "label_values(rtnetlink_interface_up{" + prometheusHost + "}, " + label + ")"
	}
	return object{"query": object{"query": text, "refId": "A"}, "definition": text, "allValue": ".*"}
}

const (
	sqlHost = `host IN ($host)`
	sqlLink = sqlHost + ` AND interface IN ($interface)`
	sqlTime = `$__timeFilter("time")`
)

func sqlTarget(t object, q query) {
	t["rawSql"], t["rawQuery"], t["editorMode"], t["format"] = q.text, true, "code", "time_series"
	if q.table || q.instant {
		t["format"] = "table"
	}
}

func sqlVariable(label string) object {
	text := `SELECT DISTINCT host FROM rtnetlink_interface WHERE "time" > now() - interval '1 day'`
	if label != "host" {
		text = `SELECT DISTINCT ` + label + ` FROM rtnetlink_interface WHERE "time" > now() - interval '1 day' AND ` + sqlHost
	}
	return object{"query": text}
}

func sqlAnnotation(name, color, text string) annotation {
	return annotation{name, color, object{
		"refId": "Anno", "fromAnnotations": true, "rawQuery": true, "rawSql": text, "format": "table", "editorMode": "code",
	}}
}

var sqlAnnotations = []annotation{
	sqlAnnotation("Link state", "orange", `SELECT "time", operstate AS text, interface AS tags FROM rtnetlink_link WHERE `+sqlTime+
		` AND `+sqlLink+` AND changed ~ '(^|,)operstate(,|$)' ORDER BY 1`),
	sqlAnnotation("Links added and removed", "purple", `SELECT "time", action AS text, interface AS tags FROM rtnetlink_link WHERE `+sqlTime+
		` AND `+sqlLink+` AND origin <> 'dump' AND action <> 'change' ORDER BY 1`),
	sqlAnnotation("Default route", "red", `SELECT "time", action || ' ' || coalesce(gateway, '') AS text, interface AS tags FROM rtnetlink_route WHERE `+sqlTime+
		` AND `+sqlHost+` AND dst = 'default' AND origin <> 'dump' ORDER BY 1`),
}

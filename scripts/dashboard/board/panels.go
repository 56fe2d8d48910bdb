package main

import "strings"

// panels is the table that all dashboards are made from, in their order.
var panels = []panel{
	{kind: "stat", title: "Links without carrier", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Links that are set up and have no carrier, now.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("carrier") AS "links" FROM (SELECT last("carrier") AS "carrier", last("up") AS "up" FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND time > now() - 5m GROUP BY *) WHERE "up" = 1 AND "carrier" = 0`}},
			"prometheus": {{text: `count((rtnetlink_interface_up{` + prometheusLink + `} == 1) and (rtnetlink_interface_carrier == 0)) or vector(0)`}},
			"postgresql": {{text: `SELECT count(*) AS links FROM (` + sqlLast("rtnetlink_interface", "host, interface", "up, carrier", sqlLink) + `) s WHERE up = 1 AND carrier = 0`}},
		}},
	{kind: "stat", title: "Default routes", width: 3, height: 4, steps: badBelow, none: "none",
		about: "Default routes of table main, of the last minutes' samples: red when there is none, also when the host has gone silent.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("present") AS "routes" FROM (SELECT last("present") AS "present" FROM "rtnetlink_default_route" WHERE ` + influxHost + ` AND "table" = 'main' AND time > now() - 5m GROUP BY *)`}},
			"prometheus": {{text: `sum(rtnetlink_default_route_present{` + prometheusHost + `,table="main"}) or vector(0)`}},
			"postgresql": {{text: `SELECT coalesce(sum(present), 0) AS routes FROM (` + sqlLast("rtnetlink_default_route", `host, family, interface, gateway`, "present", sqlHost+` AND "table" = 'main'`) + `) s`}},
		}},
	{kind: "stat", title: "Default routes lost", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Hosts and address families that had a default route in the time range and have none any more, or have gone silent.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("present") AS "lost" FROM (SELECT last("present") AS "present" FROM (SELECT max("present") AS "present" FROM (SELECT last("present") AS "present" FROM "rtnetlink_default_route" WHERE ` + influxHost + ` AND "table" = 'main' AND ` + influxTime + ` GROUP BY time(5m, now()), * fill(0)) WHERE ` + influxTime + ` GROUP BY time(5m, now()), "host", "family" fill(0)) GROUP BY "host", "family") WHERE "present" = 0`}},
			"prometheus": {{text: `count(max by (host, family) (max_over_time(rtnetlink_default_route_present{` + prometheusHost + `,table="main"}[$__range])) unless max by (host, family) (rtnetlink_default_route_present{` + prometheusHost + `,table="main"}) == 1) or vector(0)`}},
			"postgresql": {{text: `SELECT count(*) AS lost FROM (SELECT host, family, max(present) AS present, max(at) AS at FROM (SELECT DISTINCT ON (host, family, interface, gateway) host, family, present, "time" AS at FROM rtnetlink_default_route WHERE ` + sqlTime + ` AND ` + sqlHost + ` AND "table" = 'main' ORDER BY host, family, interface, gateway, "time" DESC) r GROUP BY 1, 2) s WHERE present = 0 OR at < now() - interval '5 minutes'`}},
		}},
	{kind: "stat", title: "Bond ports out of use", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Ports that their bond finds unusable (bond_mii_status is not up), now: a bond with one is degraded.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("usable") AS "ports" FROM (SELECT last("bond_up") AS "usable" FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND time > now() - 5m GROUP BY *) WHERE "usable" = 0`}},
			"prometheus": {{text: `count(rtnetlink_interface_bond_up{` + prometheusLink + `} == 0) or vector(0)`}},
			"postgresql": {{text: `SELECT count(*) AS ports FROM (` + sqlLast("rtnetlink_interface", "host, interface", sqlBond("up")+" AS up", sqlLink) + `) s WHERE up = '0'`}},
		}},
	{kind: "stat", title: "Links that flapped", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Links whose carrier changed more than twice in the time range, by the kernel's own counter.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("changes") AS "links" FROM (SELECT spread("carrier_changes") AS "changes" FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND $timeFilter GROUP BY *) WHERE "changes" > 2`}},
			"prometheus": {{text: `count(increase(rtnetlink_interface_carrier_changes{` + prometheusLink + `}[$__range]) > 2) or vector(0)`}},
			"postgresql": {{text: `SELECT count(*) AS links FROM (SELECT max(carrier_changes) - min(carrier_changes) AS changes FROM rtnetlink_interface WHERE ` + sqlTime + ` AND ` + sqlLink + ` GROUP BY host, interface) s WHERE changes > 2`}},
		}},
	{kind: "stat", title: "Failed neighbors", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Neighbors in state failed, now.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("failed") AS "failed" FROM (SELECT last("failed") AS "failed" FROM "rtnetlink_neighbors" WHERE ` + influxLink + ` AND time > now() - 5m GROUP BY *)`}},
			"prometheus": {{text: `sum(rtnetlink_neighbors_failed{` + prometheusLink + `}) or vector(0)`}},
			"postgresql": {{text: `SELECT coalesce(sum(failed), 0) AS failed FROM (` + sqlLast("rtnetlink_neighbors", "host, interface, family", "failed", sqlLink) + `) s`}},
		}},
	{kind: "stat", title: "Overruns", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Overruns in the time range: the kernel dropped messages and the state was read anew. What happened in between is not known.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("overruns") AS "overruns" FROM (SELECT spread("overruns") AS "overruns" FROM "rtnetlink_internal" WHERE ` + influxHost + ` AND $timeFilter GROUP BY *)`}},
			"prometheus": {{text: `sum(increase(rtnetlink_internal_overruns{` + prometheusHost + `}[$__range])) or vector(0)`}},
			"postgresql": {{text: `SELECT coalesce(sum(n), 0) AS overruns FROM (SELECT max(overruns) - min(overruns) AS n FROM rtnetlink_internal WHERE ` + sqlTime + ` AND ` + sqlHost + ` GROUP BY host) s`}},
		}},
	{kind: "stat", title: "Events lost", width: 3, height: 4, steps: badAbove, none: "0",
		about: "Events that did not arrive in the time range: dropped by an output, or lost by a defect. seq has a gap for each.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("undelivered") + sum("lost") AS "events" FROM (SELECT spread("undelivered") AS "undelivered", spread("lost_events") AS "lost" FROM "rtnetlink_internal" WHERE ` + influxHost + ` AND $timeFilter GROUP BY *)`}},
			"prometheus": {{text: `sum(increase(rtnetlink_internal_undelivered{` + prometheusHost + `}[$__range]) + increase(rtnetlink_internal_lost_events{` + prometheusHost + `}[$__range])) or vector(0)`}},
			"postgresql": {{text: `SELECT coalesce(sum(n), 0) AS events FROM (SELECT max(undelivered) - min(undelivered) + max(lost_events) - min(lost_events) AS n FROM rtnetlink_internal WHERE ` + sqlTime + ` AND ` + sqlHost + ` GROUP BY host) s`}},
		}},

	row("Links"),
	{kind: "state-timeline", title: "Link state", width: 24, height: 9, states: operStates,
		about: "Operational state of each link (IF_OPER_*): the lowest sample of each interval, so that an outage shows at any zoom. The exact times are in the event log.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT min("operstate_code") FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(none)`, alias: "$tag_host $tag_interface"}},
			"prometheus": {{text: `min_over_time(rtnetlink_interface_operstate_code{` + prometheusLink + `}[$__interval])`, alias: "{{host}} {{interface}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_interface", "host || ' ' || interface", "min(operstate_code)", sqlLink)}},
		}},
	{kind: "state-timeline", title: "Bond ports", width: 24, height: 6, states: portStates,
		about: "Each port of a bond: the one that is in use, one that could be, one that could not. Empty where there is no bond.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT min("bond_up") * (1 + min("bond_active")) FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(none)`, alias: "$tag_host $tag_interface"}},
			"prometheus": {{text: `min_over_time(rtnetlink_interface_bond_up{` + prometheusLink + `}[$__interval]) * (1 + min_over_time(rtnetlink_interface_bond_active[$__interval]))`, alias: "{{host}} {{interface}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_interface", "host || ' ' || interface", "min("+sqlBond("up")+"::int * (1 + "+sqlBond("active")+"::int))", sqlLink+" AND "+sqlBond("up")+" IS NOT NULL")}},
		}},
	{kind: "timeseries", title: "State changes", width: 8, height: 8, bars: true,
		about: "Changes of the operational state, from the events: each one counts, however short.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("operstate") FROM "rtnetlink_link" WHERE ` + influxLink + ` AND "changed" =~ /(^|,)operstate(,|$)/ AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(0)`, alias: "$tag_host $tag_interface"}},
			"postgresql": {{text: sqlSeries("rtnetlink_link", "host || ' ' || interface", "count(*)", sqlLink+` AND changed ~ '(^|,)operstate(,|$)'`)}},
		}},
	{kind: "timeseries", title: "Carrier changes", width: 8, height: 8, bars: true,
		about: "How often each link lost or got its carrier, from the kernel's own counter: flaps too short for a message count too.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT non_negative_difference(last("carrier_changes")) FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(previous)`, alias: "$tag_host $tag_interface"}},
			"prometheus": {{text: `increase(rtnetlink_interface_carrier_changes{` + prometheusLink + `}[$__rate_interval])`, alias: "{{host}} {{interface}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_interface", "host || ' ' || interface", "max(carrier_changes) - min(carrier_changes)", sqlLink)}},
		}},
	{kind: "timeseries", title: "Addresses", width: 8, height: 8,
		about: "Addresses of each link.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT last("address_count") FROM "rtnetlink_interface" WHERE ` + influxLink + ` AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(previous)`, alias: "$tag_host $tag_interface"}},
			"prometheus": {{text: `rtnetlink_interface_address_count{` + prometheusLink + `}`, alias: "{{host}} {{interface}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_interface", "host || ' ' || interface", "max(address_count)", sqlLink)}},
		}},
	{kind: "timeseries", title: "Links that are set up and that have carrier", width: 8, height: 8,
		about: "How many links the administrator has set up, and how many have carrier.",
		queries: map[string][]query{
			"prometheus": {
				{text: `sum by (host) (rtnetlink_interface_up{` + prometheusLink + `})`, alias: "{{host}} up"},
				{text: `sum by (host) (rtnetlink_interface_carrier{` + prometheusLink + `})`, alias: "{{host}} carrier"},
			},
		}},

	row("Routes"),
	{kind: "timeseries", title: "Routes by protocol", width: 12, height: 8,
		about: "Routes by who put them there (rtm_protocol): kernel, static, bgp, …",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("entries") AS "entries" FROM (SELECT last("entries") AS "entries" FROM "rtnetlink_routes" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), * fill(none)) WHERE $timeFilter GROUP BY time($__interval), "family", "protocol" fill(previous)`, alias: "$tag_family $tag_protocol"}},
			"prometheus": {{text: `sum by (family, protocol) (rtnetlink_routes_entries{` + prometheusHost + `})`, alias: "{{family}} {{protocol}}"}},
			"postgresql": {{text: sqlSum("rtnetlink_routes", "entries", "family || ' ' || protocol", sqlHost)}},
		}},
	{kind: "timeseries", title: "Route changes", width: 12, height: 8, bars: true,
		about: "Route events by protocol and action, first enumerations left out.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("seq") FROM "rtnetlink_route" WHERE ` + influxHost + ` AND "origin" != 'dump' AND $timeFilter GROUP BY time($__interval), "protocol", "action" fill(0)`, alias: "$tag_protocol $tag_action"}},
			"prometheus": {{text: `sum by (action) (increase(rtnetlink_events_total{` + prometheusHost + `,object="route"}[$__rate_interval]))`, alias: "{{action}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_route", "protocol || ' ' || action", "count(*)", sqlHost+` AND origin <> 'dump'`)}},
		}},
	{kind: "timeseries", title: "Default routes", width: 12, height: 8,
		about: "Default routes by address family; a fall to 0 is an uplink that went away.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("present") AS "present" FROM (SELECT last("present") AS "present" FROM "rtnetlink_default_route" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), * fill(none)) WHERE $timeFilter GROUP BY time($__interval), "host", "family" fill(0)`, alias: "$tag_host $tag_family"}},
			"prometheus": {{text: `sum by (host, family) (rtnetlink_default_route_present{` + prometheusHost + `})`, alias: "{{host}} {{family}}"}},
			"postgresql": {{text: sqlSum("rtnetlink_default_route", "present", "host || ' ' || family", sqlHost)}},
		}},
	{kind: "timeseries", title: "Routes by table", width: 12, height: 8,
		about: "Routes by routing table: main, local, a VRF's.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT sum("entries") AS "entries" FROM (SELECT last("entries") AS "entries" FROM "rtnetlink_routes" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), * fill(none)) WHERE $timeFilter GROUP BY time($__interval), "family", "table" fill(previous)`, alias: "$tag_family $tag_table"}},
			"prometheus": {{text: `sum by (family, table) (rtnetlink_routes_entries{` + prometheusHost + `})`, alias: "{{family}} {{table}}"}},
			"postgresql": {{text: sqlSum("rtnetlink_routes", "entries", `family || ' ' || "table"`, sqlHost)}},
		}},

	row("Neighbors"),
	{kind: "timeseries", title: "Neighbor failures", width: 12, height: 8, bars: true,
		about: "Neighbors that became unreachable (state failed), by link. Deletions are no failures.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT count("seq") FROM "rtnetlink_neighbor" WHERE ` + influxLink + ` AND "state" = 'failed' AND "action" != 'delete' AND "origin" != 'dump' AND $timeFilter GROUP BY time($__interval), "host", "interface" fill(0)`, alias: "$tag_host $tag_interface"}},
			"prometheus": {{text: `rtnetlink_neighbors_failed{` + prometheusLink + `}`, alias: "{{host}} {{interface}} {{family}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_neighbor", "host || ' ' || interface", "count(*)", sqlLink+` AND state = 'failed' AND action <> 'delete' AND origin <> 'dump'`)}},
		}},
	{kind: "timeseries", title: "Neighbors against the limit", width: 12, height: 8,
		about: "Entries of each family's table, and the limit at which the kernel refuses new ones (gc_thresh3).",
		queries: map[string][]query{
			"influxql": {
				{text: `SELECT sum("entries") AS "entries" FROM (SELECT last("entries") AS "entries" FROM "rtnetlink_neighbors" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), * fill(none)) WHERE $timeFilter GROUP BY time($__interval), "host", "family" fill(previous)`, alias: "$tag_host $tag_family entries"},
				{text: `SELECT last("limit") FROM "rtnetlink_neighbors" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), "host", "family" fill(previous)`, alias: "$tag_host $tag_family limit"},
			},
			"prometheus": {
				{text: `sum by (host, family) (rtnetlink_neighbors_entries{` + prometheusHost + `})`, alias: "{{host}} {{family}} entries"},
				{text: `max by (host, family) (rtnetlink_neighbors_limit{` + prometheusHost + `})`, alias: "{{host}} {{family}} limit"},
			},
			"postgresql": {{text: sqlSum("rtnetlink_neighbors", "entries", "host || ' ' || family", sqlHost)}},
		}},

	row("What changed, and by whom"),
	{kind: "timeseries", title: "Churn", width: 12, height: 8, unit: "ops",
		about: "Changes of the network's state a second, by class of object.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT non_negative_derivative(sum("total"), 1s) FROM (SELECT last("total") AS "total" FROM "rtnetlink_events" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), * fill(none)) WHERE $timeFilter GROUP BY time($__interval), "object" fill(previous)`, alias: "$tag_object"}},
			"prometheus": {{text: `sum by (object) (rate(rtnetlink_events_total{` + prometheusHost + `}[$__rate_interval]))`, alias: "{{object}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_events", "object", "(max(total) - min(total)) / 10.0", sqlHost)}},
		}},
	{kind: "table", title: "Who changed what", width: 12, height: 8,
		about: "Changes in the time range by the program that asked the kernel for them, where the kernel says so.",
		queries: map[string][]query{
			"postgresql": {{text: "SELECT process, object, action, count(*) AS changes FROM (" +
				"SELECT process, 'route' AS object, action FROM rtnetlink_route WHERE " + sqlTime + " AND " + sqlHost + " AND origin <> 'dump'" +
				" UNION ALL SELECT process, 'address', action FROM rtnetlink_address WHERE " + sqlTime + " AND " + sqlHost + " AND origin <> 'dump'" +
				" UNION ALL SELECT process, 'neighbor', action FROM rtnetlink_neighbor WHERE " + sqlTime + " AND " + sqlHost + " AND origin <> 'dump'" +
				") s WHERE process IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 100"}},
		}},
	{kind: "table", title: "Links", width: 12, height: 10, about: "The last 200 changes of links.",
		queries: eventLog("rtnetlink_link", true, "interface", "action", "operstate", "previous_operstate", "carrier", "mtu", "master", "changed", "origin")},
	{kind: "table", title: "Addresses", width: 12, height: 10, about: "The last 200 changes of addresses.",
		queries: eventLog("rtnetlink_address", true, "interface", "action", "local", "prefixlen", "scope", "process", "changed", "origin")},
	{kind: "table", title: "Routes", width: 12, height: 10, about: "The last 200 changes of routes.",
		queries: eventLog("rtnetlink_route", false, "action", "dst", "gateway", "previous_gateway", "interface", "table", "protocol", "process", "changed", "origin")},
	{kind: "table", title: "Neighbors", width: 12, height: 10, about: "The last 200 changes of neighbors and forwarding entries.",
		queries: eventLog("rtnetlink_neighbor", true, "interface", "action", "dst", "lladdr", "state", "previous_state", "process", "changed", "origin")},

	row("The stream itself"),
	{kind: "timeseries", title: "Overruns and repairs", width: 12, height: 8, bars: true,
		about: "Overruns, the enumerations that resolved them, the differences that these found, and the two that should stay 0: corrections by the audit, messages that could not be read.",
		queries: map[string][]query{
			"influxql":   {{text: influxCounters("non_negative_difference(last(%))", "overruns", "resyncs", "resync_changes", "audit_corrections", "decode_errors"), alias: "$tag_host $col"}},
			"prometheus": prometheusCounters("increase", "overruns", "resyncs", "resync_changes", "audit_corrections", "decode_errors"),
			"postgresql": {{text: sqlCounters(1, "overruns", "resyncs", "resync_changes", "audit_corrections", "decode_errors")}},
		}},
	{kind: "timeseries", title: "Messages and events", width: 12, height: 8, unit: "ops",
		about: "Messages read from the kernel, and events sent, a second.",
		queries: map[string][]query{
			"influxql":   {{text: influxCounters("non_negative_derivative(last(%), 1s)", "messages", "events"), alias: "$tag_host $col"}},
			"prometheus": prometheusCounters("rate", "messages", "events"),
			"postgresql": {{text: sqlCounters(10, "messages", "events")}},
		}},
	{kind: "timeseries", title: "Queue", width: 8, height: 8, unit: "bytes",
		about: "Bytes waiting between the kernel and the outputs, and the most since the last interval.",
		queries: map[string][]query{
			"influxql": {{text: `SELECT max("queue_length") AS "now", max("queue_peak") AS "peak" FROM "rtnetlink_internal" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), "host" fill(previous)`, alias: "$tag_host $col"}},
			"prometheus": {
				{text: `rtnetlink_internal_queue_length{` + prometheusHost + `}`, alias: "{{host}} now"},
				{text: `rtnetlink_internal_queue_peak{` + prometheusHost + `}`, alias: "{{host}} peak"},
			},
			"postgresql": {{text: sqlSeries("rtnetlink_internal", "host", "max(queue_peak)", sqlHost)}},
		}},
	{kind: "timeseries", title: "Mirror", width: 8, height: 8, unit: "bytes",
		about: "Memory that the mirror of the kernel's tables takes.",
		queries: map[string][]query{
			"influxql":   {{text: `SELECT last("mirror_bytes") FROM "rtnetlink_internal" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), "host" fill(previous)`, alias: "$tag_host"}},
			"prometheus": {{text: `rtnetlink_internal_mirror_bytes{` + prometheusHost + `}`, alias: "{{host}}"}},
			"postgresql": {{text: sqlSeries("rtnetlink_internal", "host", "max(mirror_bytes)", sqlHost)}},
		}},
	{kind: "timeseries", title: "Lua hooks", width: 8, height: 8, bars: true,
		about: "Calls of hooks, metrics that they dropped, errors, and calls stopped at the time limit.",
		queries: map[string][]query{
			"influxql":   {{text: influxCounters("non_negative_difference(last(%))", "hook_calls", "hook_dropped", "hook_errors", "hook_kills"), alias: "$tag_host $col"}},
			"prometheus": prometheusCounters("increase", "hook_calls", "hook_dropped", "hook_errors", "hook_kills"),
			"postgresql": {{text: sqlCounters(1, "hook_calls", "hook_dropped", "hook_errors", "hook_kills")}},
		}},
}

func row(title string) panel { return panel{kind: "row", title: title, width: 24, height: 1} }

// eventLog lists the last events of a measurement, for databases that hold them.
func eventLog(measurement string, ofLinks bool, columns ...string) map[string][]query {
	influx, sql := influxHost, sqlHost
	if ofLinks {
		influx, sql = influxLink, sqlLink
	}
	return map[string][]query{
		"influxql":   {{text: `SELECT "` + strings.Join(columns, `", "`) + `" FROM "` + measurement + `" WHERE ` + influx + ` AND $timeFilter ORDER BY time DESC LIMIT 200`}},
		"postgresql": {{text: `SELECT "time", "` + strings.Join(columns, `", "`) + `" FROM ` + measurement + ` WHERE ` + sqlTime + ` AND ` + sql + ` ORDER BY "time" DESC LIMIT 200`}},
	}
}

// influxCounters asks for counters of the input itself; % stands for each.
func influxCounters(function string, names ...string) string {
	var columns []string
	for _, n := range names {
		columns = append(columns, strings.Replace(function, "%", `"`+n+`"`, 1)+` AS "`+n+`"`)
	}
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM "rtnetlink_internal" WHERE ` + influxHost + ` AND $timeFilter GROUP BY time($__interval), "host" fill(previous)`
}

func prometheusCounters(function string, names ...string) (list []query) {
	for _, n := range names {
		list = append(list, query{text: function + `(rtnetlink_internal_` + n + `{` + prometheusHost + `}[$__rate_interval])`, alias: "{{host}} " + n})
	}
	return list
}

// sqlCounters asks for how much counters of the input itself grew, a column each.
func sqlCounters(seconds int, names ...string) string {
	divisor := map[int]string{1: "", 10: " / 10.0"}[seconds]
	var columns []string
	for _, n := range names {
		columns = append(columns, `(max(`+n+`) - min(`+n+`))`+divisor+` AS "`+n+`"`)
	}
	return `SELECT $__timeGroup("time", '10s') AS "time", host AS metric, ` + strings.Join(columns, ", ") + ` FROM rtnetlink_internal WHERE ` + sqlTime + ` AND ` + sqlHost + ` GROUP BY 1, 2 ORDER BY 1`
}

// sqlSeries asks for a value every ten seconds, a series for each name.
func sqlSeries(table, name, value, where string) string {
	return `SELECT $__timeGroup("time", '10s') AS "time", ` + name + ` AS metric, ` + value + ` AS value FROM ` + table + ` WHERE ` + sqlTime + ` AND ` + where + ` GROUP BY 1, 2 ORDER BY 1`
}

// sqlSum is sqlSeries for gauges of which several rows are sent at once: those
// of one moment are added up, the last moment of ten seconds counts.
func sqlSum(table, column, name, where string) string {
	return `SELECT $__timeGroup("time", '10s') AS "time", metric, max(value) AS value FROM (SELECT date_trunc('second', "time") AS "time", ` +
		name + ` AS metric, sum(` + column + `) AS value FROM ` + table + ` WHERE ` + sqlTime + ` AND ` + where + ` GROUP BY 1, 2) s GROUP BY 1, 2 ORDER BY 1`
}

// sqlBond names a column that the table has only where there was a bond.
func sqlBond(name string) string { return "(to_jsonb(rtnetlink_interface)->>'bond_" + name + "')" }

// sqlLast asks for the newest row of each series of the last five minutes.
func sqlLast(table, series, columns, where string) string {
	return `SELECT DISTINCT ON (` + series + `) ` + columns + ` FROM ` + table + ` WHERE "time" > now() - interval '5 minutes' AND ` + where + ` ORDER BY ` + series + `, "time" DESC`
}

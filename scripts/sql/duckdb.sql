-- The stream of telegraf-rtnetlink in DuckDB: tables as PostgreSQL has them, and
-- macros that read them back. Made from the field table by
-- plugin/internal/ddl; README.md explains.

CREATE TABLE IF NOT EXISTS rtnetlink_sync ("time" timestamp, host text, moment text, netns text, epoch bigint, next_seq bigint,
	reason text, objects text, untracked text, initial_events text, filters text, version text, "links" bigint, "addresses" bigint, "routes" bigint, "neighbors" bigint, "rules" bigint, "nexthops" bigint);

CREATE TABLE IF NOT EXISTS rtnetlink_link ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"interface" text,
	"kind" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"ifindex" bigint,
	"link_type" text,
	"mtu" bigint,
	"operstate" text,
	"operstate_code" bigint,
	"up" boolean,
	"carrier" boolean,
	"flags" text,
	"address" text,
	"broadcast" text,
	"permaddr" text,
	"master" text,
	"link" text,
	"qdisc" text,
	"txqlen" bigint,
	"group" text,
	"ifalias" text,
	"altnames" text,
	"num_tx_queues" bigint,
	"num_rx_queues" bigint,
	"promiscuity" bigint,
	"carrier_changes" bigint,
	"carrier_up_count" bigint,
	"carrier_down_count" bigint,
	"missed_carrier_changes" bigint,
	"irq" bigint,
	"irq_count" bigint,
	"new_netnsid" bigint,
	"new_ifindex" bigint,
	"portid" bigint,
	"process" text,
	"previous_interface" text,
	"previous_kind" text,
	"previous_ifindex" bigint,
	"previous_link_type" text,
	"previous_mtu" bigint,
	"previous_operstate" text,
	"previous_up" boolean,
	"previous_carrier" boolean,
	"previous_flags" text,
	"previous_address" text,
	"previous_broadcast" text,
	"previous_permaddr" text,
	"previous_master" text,
	"previous_link" text,
	"previous_qdisc" text,
	"previous_txqlen" bigint,
	"previous_group" text,
	"previous_ifalias" text,
	"previous_altnames" text,
	"previous_num_tx_queues" bigint,
	"previous_num_rx_queues" bigint,
	"previous_promiscuity" bigint,
	"previous_carrier_changes" bigint,
	"previous_carrier_up_count" bigint,
	"previous_carrier_down_count" bigint,
	"previous_irq" bigint);

CREATE TABLE IF NOT EXISTS rtnetlink_address ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"interface" text,
	"family" text,
	"scope" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"ifindex" bigint,
	"local" text,
	"prefixlen" bigint,
	"address" text,
	"broadcast" text,
	"anycast" text,
	"metric" bigint,
	"label" text,
	"flags" text,
	"protocol" text,
	"valid_lft" bigint,
	"preferred_lft" bigint,
	"portid" bigint,
	"process" text,
	"previous_interface" text,
	"previous_family" text,
	"previous_scope" text,
	"previous_ifindex" bigint,
	"previous_local" text,
	"previous_prefixlen" bigint,
	"previous_address" text,
	"previous_broadcast" text,
	"previous_anycast" text,
	"previous_metric" bigint,
	"previous_label" text,
	"previous_flags" text,
	"previous_protocol" text,
	"previous_valid_lft" bigint,
	"previous_preferred_lft" bigint);

CREATE TABLE IF NOT EXISTS rtnetlink_route ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"family" text,
	"table" text,
	"protocol" text,
	"type" text,
	"interface" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"dst" text,
	"ifindex" bigint,
	"gateway" text,
	"prefsrc" text,
	"metric" bigint,
	"scope" text,
	"tos" bigint,
	"src" text,
	"iif" text,
	"flags" text,
	"realms" text,
	"nhid" bigint,
	"nexthop_count" bigint,
	"nexthops" text,
	"pref" text,
	"expires" bigint,
	"ttl_propagate" boolean,
	"mtu" bigint,
	"mtu_lock" boolean,
	"locks" text,
	"window" bigint,
	"rtt" bigint,
	"rttvar" bigint,
	"ssthresh" bigint,
	"cwnd" bigint,
	"advmss" bigint,
	"reordering" bigint,
	"hoplimit" bigint,
	"initcwnd" bigint,
	"features" text,
	"rto_min" bigint,
	"initrwnd" bigint,
	"quickack" bigint,
	"congestion" text,
	"fastopen_no_cookie" bigint,
	"encap" text,
	"encap_info" text,
	"portid" bigint,
	"process" text,
	"previous_family" text,
	"previous_table" text,
	"previous_protocol" text,
	"previous_type" text,
	"previous_interface" text,
	"previous_dst" text,
	"previous_ifindex" bigint,
	"previous_gateway" text,
	"previous_prefsrc" text,
	"previous_metric" bigint,
	"previous_scope" text,
	"previous_tos" bigint,
	"previous_src" text,
	"previous_iif" text,
	"previous_flags" text,
	"previous_realms" text,
	"previous_nhid" bigint,
	"previous_nexthop_count" bigint,
	"previous_nexthops" text,
	"previous_pref" text,
	"previous_expires" bigint,
	"previous_ttl_propagate" boolean,
	"previous_mtu" bigint,
	"previous_mtu_lock" boolean,
	"previous_locks" text,
	"previous_window" bigint,
	"previous_rtt" bigint,
	"previous_rttvar" bigint,
	"previous_ssthresh" bigint,
	"previous_cwnd" bigint,
	"previous_advmss" bigint,
	"previous_reordering" bigint,
	"previous_hoplimit" bigint,
	"previous_initcwnd" bigint,
	"previous_features" text,
	"previous_rto_min" bigint,
	"previous_initrwnd" bigint,
	"previous_quickack" bigint,
	"previous_congestion" text,
	"previous_fastopen_no_cookie" bigint,
	"previous_encap" text,
	"previous_encap_info" text);

CREATE TABLE IF NOT EXISTS rtnetlink_neighbor ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"interface" text,
	"family" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"ifindex" bigint,
	"dst" text,
	"lladdr" text,
	"state" text,
	"state_code" bigint,
	"flags" text,
	"vlan" bigint,
	"vni" bigint,
	"src_vni" bigint,
	"port" bigint,
	"via" text,
	"link_netnsid" bigint,
	"nhid" bigint,
	"protocol" text,
	"activity_notify" boolean,
	"inactive" boolean,
	"master" text,
	"probes" bigint,
	"portid" bigint,
	"process" text,
	"previous_interface" text,
	"previous_family" text,
	"previous_ifindex" bigint,
	"previous_dst" text,
	"previous_lladdr" text,
	"previous_state" text,
	"previous_flags" text,
	"previous_vlan" bigint,
	"previous_vni" bigint,
	"previous_src_vni" bigint,
	"previous_port" bigint,
	"previous_via" text,
	"previous_link_netnsid" bigint,
	"previous_nhid" bigint,
	"previous_protocol" text,
	"previous_activity_notify" boolean,
	"previous_inactive" boolean,
	"previous_master" text,
	"previous_probes" bigint);

CREATE TABLE IF NOT EXISTS rtnetlink_rule ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"family" text,
	"table" text,
	"type" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"priority" bigint,
	"src" text,
	"dst" text,
	"iif" text,
	"oif" text,
	"fwmark" text,
	"fwmask" text,
	"ipproto" text,
	"sport" text,
	"dport" text,
	"uid_range" text,
	"tos" bigint,
	"realms" text,
	"dscp" text,
	"dscp_mask" text,
	"flowlabel" text,
	"flowlabel_mask" text,
	"sport_mask" text,
	"dport_mask" text,
	"not" boolean,
	"goto" bigint,
	"suppress_prefixlength" bigint,
	"suppress_ifgroup" text,
	"l3mdev" boolean,
	"tun_id" bigint,
	"protocol" text,
	"portid" bigint,
	"process" text,
	"previous_family" text,
	"previous_table" text,
	"previous_type" text,
	"previous_priority" bigint,
	"previous_src" text,
	"previous_dst" text,
	"previous_iif" text,
	"previous_oif" text,
	"previous_fwmark" text,
	"previous_fwmask" text,
	"previous_ipproto" text,
	"previous_sport" text,
	"previous_dport" text,
	"previous_uid_range" text,
	"previous_tos" bigint,
	"previous_realms" text,
	"previous_dscp" text,
	"previous_dscp_mask" text,
	"previous_flowlabel" text,
	"previous_flowlabel_mask" text,
	"previous_sport_mask" text,
	"previous_dport_mask" text,
	"previous_not" boolean,
	"previous_goto" bigint,
	"previous_suppress_prefixlength" bigint,
	"previous_suppress_ifgroup" text,
	"previous_l3mdev" boolean,
	"previous_tun_id" bigint,
	"previous_protocol" text);

CREATE TABLE IF NOT EXISTS rtnetlink_nexthop ("time" timestamp,
	"host" text,
	"action" text,
	"origin" text,
	"netns" text,
	"family" text,
	"protocol" text,
	"interface" text,
	"key" text,
	"changed" text,
	"seq" bigint,
	"ifindex" bigint,
	"id" bigint,
	"gateway" text,
	"scope" text,
	"flags" text,
	"group" text,
	"type" text,
	"buckets" bigint,
	"idle_timer" bigint,
	"unbalanced_timer" bigint,
	"unbalanced_time" bigint,
	"blackhole" boolean,
	"fdb" boolean,
	"encap" text,
	"encap_info" text,
	"portid" bigint,
	"process" text,
	"previous_family" text,
	"previous_protocol" text,
	"previous_interface" text,
	"previous_ifindex" bigint,
	"previous_id" bigint,
	"previous_gateway" text,
	"previous_scope" text,
	"previous_flags" text,
	"previous_group" text,
	"previous_type" text,
	"previous_buckets" bigint,
	"previous_idle_timer" bigint,
	"previous_unbalanced_timer" bigint,
	"previous_unbalanced_time" bigint,
	"previous_blackhole" boolean,
	"previous_fdb" boolean,
	"previous_encap" text,
	"previous_encap_info" text);

CREATE OR REPLACE VIEW rtnetlink_event AS
	SELECT 'link' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_link
	UNION ALL
	SELECT 'address' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_address
	UNION ALL
	SELECT 'route' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_route
	UNION ALL
	SELECT 'neighbor' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_neighbor
	UNION ALL
	SELECT 'rule' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_rule
	UNION ALL
	SELECT 'nexthop' AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_nexthop;

-- What is known of the namespaces of a host at a time: exact, or why it is not.
CREATE OR REPLACE MACRO rtnetlink_verdict(h, t) AS TABLE
	WITH epoch AS (
		SELECT coalesce(netns, '') AS netns, max("time") AS began, arg_max(next_seq, "time") AS first
		FROM rtnetlink_sync WHERE host = h AND moment = 'begin' AND "time" <= t GROUP BY ALL
	), newest AS (
		SELECT e.netns, arg_max(s.moment, (s."time", s.next_seq, list_position(['begin', 'doubt', 'complete', 'end'], s.moment))) AS moment
		FROM epoch e JOIN rtnetlink_sync s ON s.host = h AND coalesce(s.netns, '') = e.netns AND s."time" BETWEEN e.began AND t GROUP BY ALL
	), run AS (
		SELECT e.netns, count(DISTINCT x.seq) AS n, max(x.seq) AS top, count(DISTINCT (x.seq, x."time")) AS different
		FROM epoch e LEFT JOIN rtnetlink_event x ON x.host = h AND x."time" BETWEEN e.began AND t AND x.seq >= e.first GROUP BY ALL
	)
	SELECT netns, reason IS NULL AS exact, reason, began, first FROM (SELECT e.netns, CASE
			WHEN w.moment = 'begin' THEN 'the plugin had not told everything'
			WHEN w.moment = 'doubt' THEN 'the plugin was late'
			WHEN w.moment = 'end' THEN 'the plugin had stopped'
			WHEN r.different <> r.n THEN 'two plugins write the same stream: give each a host of its own'
			WHEN r.n <> coalesce(r.top - e.first + 1, 0) THEN (r.top - e.first + 1 - r.n) || ' metrics are missing since ' || e.began
		END AS reason, e.began, e.first
	FROM epoch e JOIN newest w USING (netns) JOIN run r USING (netns));

CREATE OR REPLACE MACRO rtnetlink_link_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_link r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

CREATE OR REPLACE MACRO rtnetlink_address_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_address r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

CREATE OR REPLACE MACRO rtnetlink_route_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_route r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

CREATE OR REPLACE MACRO rtnetlink_neighbor_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_neighbor r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

CREATE OR REPLACE MACRO rtnetlink_rule_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_rule r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

CREATE OR REPLACE MACRO rtnetlink_nexthop_at(h, t, partial := false) AS TABLE
	SELECT r.* FROM rtnetlink_nexthop r JOIN rtnetlink_verdict(h, t) v ON v.netns = coalesce(r.netns, '')
	WHERE r.host = h AND r."time" BETWEEN v.began AND t AND r.seq >= v.first
		AND CASE WHEN v.exact OR partial THEN true ELSE error('not exact: ' || v.reason || '; partial := true shows what there is') END
	QUALIFY row_number() OVER (PARTITION BY coalesce(r.netns, ''), r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete';

-- The state of a host at a time, every object of every namespace.
CREATE OR REPLACE MACRO rtnetlink_state(h, t, partial := false) AS TABLE
	SELECT coalesce(netns, '') AS netns, 'link' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_link_at(h, t, partial := partial) n
	UNION ALL
	SELECT coalesce(netns, '') AS netns, 'address' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_address_at(h, t, partial := partial) n
	UNION ALL
	SELECT coalesce(netns, '') AS netns, 'route' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_route_at(h, t, partial := partial) n
	UNION ALL
	SELECT coalesce(netns, '') AS netns, 'neighbor' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_neighbor_at(h, t, partial := partial) n
	UNION ALL
	SELECT coalesce(netns, '') AS netns, 'rule' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_rule_at(h, t, partial := partial) n
	UNION ALL
	SELECT coalesce(netns, '') AS netns, 'nexthop' AS object, key, "time" AS since, seq, to_json(n) AS state FROM rtnetlink_nexthop_at(h, t, partial := partial) n;

-- What differs between two times.
CREATE OR REPLACE MACRO rtnetlink_diff(h, t1, t2, partial := false) AS TABLE
	SELECT netns, object, key, a.state AS before, b.state AS after
	FROM rtnetlink_state(h, t1, partial := partial) a FULL JOIN rtnetlink_state(h, t2, partial := partial) b USING (netns, object, key)
	WHERE a.seq IS DISTINCT FROM b.seq;

-- The stream of telegraf-rtnetlink in PostgreSQL 15 or newer: tables that
-- Telegraf's outputs.postgresql fills as they are, and functions that read
-- them back. Made from the field table by plugin/internal/ddl; README.md
-- explains. May be run again, also on tables that Telegraf has made.

CREATE TABLE IF NOT EXISTS rtnetlink_sync ("time" timestamp, host text, moment text, netns text);
ALTER TABLE rtnetlink_sync
	ADD COLUMN IF NOT EXISTS "links" bigint,
	ADD COLUMN IF NOT EXISTS "addresses" bigint,
	ADD COLUMN IF NOT EXISTS "routes" bigint,
	ADD COLUMN IF NOT EXISTS "neighbors" bigint,
	ADD COLUMN IF NOT EXISTS "rules" bigint,
	ADD COLUMN IF NOT EXISTS "nexthops" bigint,
	ADD COLUMN IF NOT EXISTS host text,
	ADD COLUMN IF NOT EXISTS netns text,
	ADD COLUMN IF NOT EXISTS epoch bigint,
	ADD COLUMN IF NOT EXISTS next_seq bigint,
	ADD COLUMN IF NOT EXISTS reason text,
	ADD COLUMN IF NOT EXISTS objects text,
	ADD COLUMN IF NOT EXISTS untracked text,
	ADD COLUMN IF NOT EXISTS initial_events text,
	ADD COLUMN IF NOT EXISTS filters text,
	ADD COLUMN IF NOT EXISTS version text;
CREATE INDEX IF NOT EXISTS rtnetlink_sync_time ON rtnetlink_sync (host, "time");

CREATE TABLE IF NOT EXISTS rtnetlink_link ("time" timestamp);
ALTER TABLE rtnetlink_link
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "kind" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "link_type" text,
	ADD COLUMN IF NOT EXISTS "mtu" bigint,
	ADD COLUMN IF NOT EXISTS "operstate" text,
	ADD COLUMN IF NOT EXISTS "operstate_code" bigint,
	ADD COLUMN IF NOT EXISTS "up" boolean,
	ADD COLUMN IF NOT EXISTS "carrier" boolean,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "address" text,
	ADD COLUMN IF NOT EXISTS "broadcast" text,
	ADD COLUMN IF NOT EXISTS "permaddr" text,
	ADD COLUMN IF NOT EXISTS "master" text,
	ADD COLUMN IF NOT EXISTS "link" text,
	ADD COLUMN IF NOT EXISTS "qdisc" text,
	ADD COLUMN IF NOT EXISTS "txqlen" bigint,
	ADD COLUMN IF NOT EXISTS "group" text,
	ADD COLUMN IF NOT EXISTS "ifalias" text,
	ADD COLUMN IF NOT EXISTS "altnames" text,
	ADD COLUMN IF NOT EXISTS "num_tx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "num_rx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "promiscuity" bigint,
	ADD COLUMN IF NOT EXISTS "carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "carrier_up_count" bigint,
	ADD COLUMN IF NOT EXISTS "carrier_down_count" bigint,
	ADD COLUMN IF NOT EXISTS "missed_carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "irq" bigint,
	ADD COLUMN IF NOT EXISTS "irq_count" bigint,
	ADD COLUMN IF NOT EXISTS "new_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "new_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_kind" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_link_type" text,
	ADD COLUMN IF NOT EXISTS "previous_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_operstate" text,
	ADD COLUMN IF NOT EXISTS "previous_up" boolean,
	ADD COLUMN IF NOT EXISTS "previous_carrier" boolean,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_address" text,
	ADD COLUMN IF NOT EXISTS "previous_broadcast" text,
	ADD COLUMN IF NOT EXISTS "previous_permaddr" text,
	ADD COLUMN IF NOT EXISTS "previous_master" text,
	ADD COLUMN IF NOT EXISTS "previous_link" text,
	ADD COLUMN IF NOT EXISTS "previous_qdisc" text,
	ADD COLUMN IF NOT EXISTS "previous_txqlen" bigint,
	ADD COLUMN IF NOT EXISTS "previous_group" text,
	ADD COLUMN IF NOT EXISTS "previous_ifalias" text,
	ADD COLUMN IF NOT EXISTS "previous_altnames" text,
	ADD COLUMN IF NOT EXISTS "previous_num_tx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "previous_num_rx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "previous_promiscuity" bigint,
	ADD COLUMN IF NOT EXISTS "previous_carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "previous_carrier_up_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_carrier_down_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_irq" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_link_key ON rtnetlink_link (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_link_time ON rtnetlink_link (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_address ("time" timestamp);
ALTER TABLE rtnetlink_address
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "local" text,
	ADD COLUMN IF NOT EXISTS "prefixlen" bigint,
	ADD COLUMN IF NOT EXISTS "address" text,
	ADD COLUMN IF NOT EXISTS "broadcast" text,
	ADD COLUMN IF NOT EXISTS "anycast" text,
	ADD COLUMN IF NOT EXISTS "metric" bigint,
	ADD COLUMN IF NOT EXISTS "label" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "valid_lft" bigint,
	ADD COLUMN IF NOT EXISTS "preferred_lft" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_local" text,
	ADD COLUMN IF NOT EXISTS "previous_prefixlen" bigint,
	ADD COLUMN IF NOT EXISTS "previous_address" text,
	ADD COLUMN IF NOT EXISTS "previous_broadcast" text,
	ADD COLUMN IF NOT EXISTS "previous_anycast" text,
	ADD COLUMN IF NOT EXISTS "previous_metric" bigint,
	ADD COLUMN IF NOT EXISTS "previous_label" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_valid_lft" bigint,
	ADD COLUMN IF NOT EXISTS "previous_preferred_lft" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_address_key ON rtnetlink_address (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_address_time ON rtnetlink_address (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_route ("time" timestamp);
ALTER TABLE rtnetlink_route
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "table" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "gateway" text,
	ADD COLUMN IF NOT EXISTS "prefsrc" text,
	ADD COLUMN IF NOT EXISTS "metric" bigint,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "tos" bigint,
	ADD COLUMN IF NOT EXISTS "src" text,
	ADD COLUMN IF NOT EXISTS "iif" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "realms" text,
	ADD COLUMN IF NOT EXISTS "nhid" bigint,
	ADD COLUMN IF NOT EXISTS "nexthop_count" bigint,
	ADD COLUMN IF NOT EXISTS "nexthops" text,
	ADD COLUMN IF NOT EXISTS "pref" text,
	ADD COLUMN IF NOT EXISTS "expires" bigint,
	ADD COLUMN IF NOT EXISTS "ttl_propagate" boolean,
	ADD COLUMN IF NOT EXISTS "mtu" bigint,
	ADD COLUMN IF NOT EXISTS "mtu_lock" boolean,
	ADD COLUMN IF NOT EXISTS "locks" text,
	ADD COLUMN IF NOT EXISTS "window" bigint,
	ADD COLUMN IF NOT EXISTS "rtt" bigint,
	ADD COLUMN IF NOT EXISTS "rttvar" bigint,
	ADD COLUMN IF NOT EXISTS "ssthresh" bigint,
	ADD COLUMN IF NOT EXISTS "cwnd" bigint,
	ADD COLUMN IF NOT EXISTS "advmss" bigint,
	ADD COLUMN IF NOT EXISTS "reordering" bigint,
	ADD COLUMN IF NOT EXISTS "hoplimit" bigint,
	ADD COLUMN IF NOT EXISTS "initcwnd" bigint,
	ADD COLUMN IF NOT EXISTS "features" text,
	ADD COLUMN IF NOT EXISTS "rto_min" bigint,
	ADD COLUMN IF NOT EXISTS "initrwnd" bigint,
	ADD COLUMN IF NOT EXISTS "quickack" bigint,
	ADD COLUMN IF NOT EXISTS "congestion" text,
	ADD COLUMN IF NOT EXISTS "fastopen_no_cookie" bigint,
	ADD COLUMN IF NOT EXISTS "encap" text,
	ADD COLUMN IF NOT EXISTS "encap_info" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_table" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gateway" text,
	ADD COLUMN IF NOT EXISTS "previous_prefsrc" text,
	ADD COLUMN IF NOT EXISTS "previous_metric" bigint,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_tos" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src" text,
	ADD COLUMN IF NOT EXISTS "previous_iif" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_realms" text,
	ADD COLUMN IF NOT EXISTS "previous_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nexthop_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nexthops" text,
	ADD COLUMN IF NOT EXISTS "previous_pref" text,
	ADD COLUMN IF NOT EXISTS "previous_expires" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ttl_propagate" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mtu_lock" boolean,
	ADD COLUMN IF NOT EXISTS "previous_locks" text,
	ADD COLUMN IF NOT EXISTS "previous_window" bigint,
	ADD COLUMN IF NOT EXISTS "previous_rtt" bigint,
	ADD COLUMN IF NOT EXISTS "previous_rttvar" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ssthresh" bigint,
	ADD COLUMN IF NOT EXISTS "previous_cwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_advmss" bigint,
	ADD COLUMN IF NOT EXISTS "previous_reordering" bigint,
	ADD COLUMN IF NOT EXISTS "previous_hoplimit" bigint,
	ADD COLUMN IF NOT EXISTS "previous_initcwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_features" text,
	ADD COLUMN IF NOT EXISTS "previous_rto_min" bigint,
	ADD COLUMN IF NOT EXISTS "previous_initrwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_quickack" bigint,
	ADD COLUMN IF NOT EXISTS "previous_congestion" text,
	ADD COLUMN IF NOT EXISTS "previous_fastopen_no_cookie" bigint,
	ADD COLUMN IF NOT EXISTS "previous_encap" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_info" text;
CREATE INDEX IF NOT EXISTS rtnetlink_route_key ON rtnetlink_route (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_route_time ON rtnetlink_route (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_neighbor ("time" timestamp);
ALTER TABLE rtnetlink_neighbor
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "lladdr" text,
	ADD COLUMN IF NOT EXISTS "state" text,
	ADD COLUMN IF NOT EXISTS "state_code" bigint,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "vlan" bigint,
	ADD COLUMN IF NOT EXISTS "vni" bigint,
	ADD COLUMN IF NOT EXISTS "src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "port" bigint,
	ADD COLUMN IF NOT EXISTS "via" text,
	ADD COLUMN IF NOT EXISTS "link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "nhid" bigint,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "activity_notify" boolean,
	ADD COLUMN IF NOT EXISTS "inactive" boolean,
	ADD COLUMN IF NOT EXISTS "master" text,
	ADD COLUMN IF NOT EXISTS "probes" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_lladdr" text,
	ADD COLUMN IF NOT EXISTS "previous_state" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_via" text,
	ADD COLUMN IF NOT EXISTS "previous_link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_activity_notify" boolean,
	ADD COLUMN IF NOT EXISTS "previous_inactive" boolean,
	ADD COLUMN IF NOT EXISTS "previous_master" text,
	ADD COLUMN IF NOT EXISTS "previous_probes" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_neighbor_key ON rtnetlink_neighbor (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_neighbor_time ON rtnetlink_neighbor (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_rule ("time" timestamp);
ALTER TABLE rtnetlink_rule
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "table" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "priority" bigint,
	ADD COLUMN IF NOT EXISTS "src" text,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "iif" text,
	ADD COLUMN IF NOT EXISTS "oif" text,
	ADD COLUMN IF NOT EXISTS "fwmark" text,
	ADD COLUMN IF NOT EXISTS "fwmask" text,
	ADD COLUMN IF NOT EXISTS "ipproto" text,
	ADD COLUMN IF NOT EXISTS "sport" text,
	ADD COLUMN IF NOT EXISTS "dport" text,
	ADD COLUMN IF NOT EXISTS "uid_range" text,
	ADD COLUMN IF NOT EXISTS "tos" bigint,
	ADD COLUMN IF NOT EXISTS "realms" text,
	ADD COLUMN IF NOT EXISTS "dscp" text,
	ADD COLUMN IF NOT EXISTS "dscp_mask" text,
	ADD COLUMN IF NOT EXISTS "flowlabel" text,
	ADD COLUMN IF NOT EXISTS "flowlabel_mask" text,
	ADD COLUMN IF NOT EXISTS "sport_mask" text,
	ADD COLUMN IF NOT EXISTS "dport_mask" text,
	ADD COLUMN IF NOT EXISTS "not" boolean,
	ADD COLUMN IF NOT EXISTS "goto" bigint,
	ADD COLUMN IF NOT EXISTS "suppress_prefixlength" bigint,
	ADD COLUMN IF NOT EXISTS "suppress_ifgroup" text,
	ADD COLUMN IF NOT EXISTS "l3mdev" boolean,
	ADD COLUMN IF NOT EXISTS "tun_id" bigint,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_table" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_priority" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src" text,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_iif" text,
	ADD COLUMN IF NOT EXISTS "previous_oif" text,
	ADD COLUMN IF NOT EXISTS "previous_fwmark" text,
	ADD COLUMN IF NOT EXISTS "previous_fwmask" text,
	ADD COLUMN IF NOT EXISTS "previous_ipproto" text,
	ADD COLUMN IF NOT EXISTS "previous_sport" text,
	ADD COLUMN IF NOT EXISTS "previous_dport" text,
	ADD COLUMN IF NOT EXISTS "previous_uid_range" text,
	ADD COLUMN IF NOT EXISTS "previous_tos" bigint,
	ADD COLUMN IF NOT EXISTS "previous_realms" text,
	ADD COLUMN IF NOT EXISTS "previous_dscp" text,
	ADD COLUMN IF NOT EXISTS "previous_dscp_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_flowlabel" text,
	ADD COLUMN IF NOT EXISTS "previous_flowlabel_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_sport_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_dport_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_not" boolean,
	ADD COLUMN IF NOT EXISTS "previous_goto" bigint,
	ADD COLUMN IF NOT EXISTS "previous_suppress_prefixlength" bigint,
	ADD COLUMN IF NOT EXISTS "previous_suppress_ifgroup" text,
	ADD COLUMN IF NOT EXISTS "previous_l3mdev" boolean,
	ADD COLUMN IF NOT EXISTS "previous_tun_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text;
CREATE INDEX IF NOT EXISTS rtnetlink_rule_key ON rtnetlink_rule (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_rule_time ON rtnetlink_rule (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_nexthop ("time" timestamp);
ALTER TABLE rtnetlink_nexthop
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "id" bigint,
	ADD COLUMN IF NOT EXISTS "gateway" text,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "group" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "buckets" bigint,
	ADD COLUMN IF NOT EXISTS "idle_timer" bigint,
	ADD COLUMN IF NOT EXISTS "unbalanced_timer" bigint,
	ADD COLUMN IF NOT EXISTS "unbalanced_time" bigint,
	ADD COLUMN IF NOT EXISTS "blackhole" boolean,
	ADD COLUMN IF NOT EXISTS "fdb" boolean,
	ADD COLUMN IF NOT EXISTS "encap" text,
	ADD COLUMN IF NOT EXISTS "encap_info" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gateway" text,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_group" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_buckets" bigint,
	ADD COLUMN IF NOT EXISTS "previous_idle_timer" bigint,
	ADD COLUMN IF NOT EXISTS "previous_unbalanced_timer" bigint,
	ADD COLUMN IF NOT EXISTS "previous_unbalanced_time" bigint,
	ADD COLUMN IF NOT EXISTS "previous_blackhole" boolean,
	ADD COLUMN IF NOT EXISTS "previous_fdb" boolean,
	ADD COLUMN IF NOT EXISTS "previous_encap" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_info" text;
CREATE INDEX IF NOT EXISTS rtnetlink_nexthop_key ON rtnetlink_nexthop (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_nexthop_time ON rtnetlink_nexthop (host, "time", seq);

-- All events, of which only what all classes have.
CREATE OR REPLACE VIEW rtnetlink_event AS
	SELECT 'link'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_link
	UNION ALL
	SELECT 'address'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_address
	UNION ALL
	SELECT 'route'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_route
	UNION ALL
	SELECT 'neighbor'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_neighbor
	UNION ALL
	SELECT 'rule'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_rule
	UNION ALL
	SELECT 'nexthop'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_nexthop;

-- What is known of the namespaces of a host at a time: exact, or why it is not.
-- epoch is when the epoch began ("time" and seq of its first row: began, first).
CREATE OR REPLACE FUNCTION rtnetlink_verdict(host text, at timestamptz)
RETURNS TABLE (netns text, exact boolean, reason text, began timestamp, first bigint, since timestamp) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE
	t timestamp := at AT TIME ZONE 'UTC';
	b record;
	last record;
	run record;
	follows record;
BEGIN
	FOR b IN
		SELECT DISTINCT ON (coalesce(s.netns, '')) coalesce(s.netns, '') AS ns, s."time" AS began, s.next_seq AS first, s.epoch
		FROM rtnetlink_sync s WHERE s.host = host AND s.moment = 'begin' AND s."time" <= t
		ORDER BY coalesce(s.netns, ''), s."time" DESC
	LOOP
		netns := b.ns; exact := false; reason := NULL; began := b.began; first := b.first;
		SELECT s.moment, s."time", s.reason, s.epoch INTO last FROM rtnetlink_sync s
			WHERE s.host = host AND coalesce(s.netns, '') = b.ns AND s."time" >= b.began AND s."time" <= t AND s.moment IS NOT NULL
			ORDER BY s."time" DESC, s.next_seq DESC, array_position('{begin,doubt,complete,end}'::text[], s.moment) DESC LIMIT 1;
		-- The run of the plugin: every number from the epoch's first on has to be there, once.
		SELECT count(DISTINCT e.seq) AS n, max(e.seq) AS top, max(e."time") AS newest, count(DISTINCT (e.seq, e."time")) AS different INTO run
			FROM rtnetlink_event e WHERE e.host = host AND e."time" >= b.began AND e."time" <= t AND e.seq >= b.first;
		since := greatest(run.newest, b.began);
		SELECT e.seq, e."time" INTO follows FROM (
			SELECT x.seq, x."time" FROM rtnetlink_event x WHERE x.host = host AND x."time" > t ORDER BY x."time", x.seq LIMIT 1) e
			WHERE NOT EXISTS (SELECT FROM rtnetlink_sync s WHERE s.host = host AND s.moment = 'begin' AND s.reason = 'start' AND s."time" > t AND s."time" <= e."time");
		IF last.epoch <> b.epoch THEN
			reason := format('the begin of the epoch before %s is missing', last."time");
		ELSIF last.moment = 'begin' THEN
			reason := format('the plugin began an epoch at %s (%s) and had not told everything', b.began, last.reason);
		ELSIF last.moment = 'doubt' THEN
			reason := format('the plugin was late from %s on: %s', last."time", last.reason);
		ELSIF last.moment = 'end' THEN
			reason := format('the plugin stopped at %s', last."time");
		ELSIF run.different <> run.n THEN
			reason := 'two plugins write the same stream: give each a host of its own';
		ELSIF run.n <> coalesce(run.top - b.first + 1, 0) THEN
			reason := format('%s metrics are missing since %s', run.top - b.first + 1 - run.n, b.began);
		ELSIF follows.seq <> coalesce(run.top, b.first - 1) + 1 THEN
			reason := format('seq %s to %s are missing, between %s and %s', coalesce(run.top, b.first - 1) + 1, follows.seq - 1, run.newest, follows."time");
		ELSE
			exact := true;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;

-- rtnetlink_known raises an error where the state of a host at a time is not
-- exact, unless partial.
CREATE OR REPLACE FUNCTION rtnetlink_known(host text, at timestamptz, partial boolean)
RETURNS TABLE (netns text, began timestamp, first bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
	v record;
	found boolean := false;
BEGIN
	FOR v IN SELECT * FROM rtnetlink_verdict(host, at) LOOP
		found := true;
		IF NOT partial AND NOT v.exact THEN
			RAISE EXCEPTION 'host % netns "%": not exact at %: %', host, v.netns, at, v.reason
				USING HINT = 'partial => true shows what there is all the same';
		END IF;
		netns := v.netns; began := v.began; first := v.first;
		RETURN NEXT;
	END LOOP;
	IF NOT found AND NOT partial THEN
		RAISE EXCEPTION 'host %: no epoch begins before %', host, at;
	END IF;
END $$;

-- The links of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_link_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_link LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_link r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_link r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_link r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_link_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_link LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_link_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The addresses of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_address_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_address LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_address r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_address r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_address r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_address_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_address LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_address_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The routes of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_route_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_route LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_route r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_route r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_route r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_route_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_route LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_route_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The neighbors of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_neighbor_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_neighbor LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_neighbor r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_neighbor r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_neighbor r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_neighbor_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_neighbor LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_neighbor_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The rules of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_rule_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_rule LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_rule r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_rule r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_rule r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_rule_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_rule LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_rule_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The nexthops of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_nexthop_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_nexthop LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_nexthop r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_nexthop r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_nexthop r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_nexthop_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_nexthop LANGUAGE sql STABLE AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_nexthop_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- A row without what describes the event.
CREATE OR REPLACE FUNCTION rtnetlink_object(r jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_strip_nulls(r - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_kind,previous_ifindex,previous_link_type,previous_mtu,previous_operstate,previous_up,previous_carrier,previous_flags,previous_address,previous_broadcast,previous_permaddr,previous_master,previous_link,previous_qdisc,previous_txqlen,previous_group,previous_ifalias,previous_altnames,previous_num_tx_queues,previous_num_rx_queues,previous_promiscuity,previous_carrier_changes,previous_carrier_up_count,previous_carrier_down_count,previous_irq,previous_family,previous_scope,previous_local,previous_prefixlen,previous_anycast,previous_metric,previous_label,previous_protocol,previous_valid_lft,previous_preferred_lft,previous_table,previous_type,previous_dst,previous_gateway,previous_prefsrc,previous_tos,previous_src,previous_iif,previous_realms,previous_nhid,previous_nexthop_count,previous_nexthops,previous_pref,previous_expires,previous_ttl_propagate,previous_mtu_lock,previous_locks,previous_window,previous_rtt,previous_rttvar,previous_ssthresh,previous_cwnd,previous_advmss,previous_reordering,previous_hoplimit,previous_initcwnd,previous_features,previous_rto_min,previous_initrwnd,previous_quickack,previous_congestion,previous_fastopen_no_cookie,previous_encap,previous_encap_info,previous_lladdr,previous_state,previous_vlan,previous_vni,previous_src_vni,previous_port,previous_via,previous_link_netnsid,previous_activity_notify,previous_inactive,previous_probes,previous_priority,previous_oif,previous_fwmark,previous_fwmask,previous_ipproto,previous_sport,previous_dport,previous_uid_range,previous_dscp,previous_dscp_mask,previous_flowlabel,previous_flowlabel_mask,previous_sport_mask,previous_dport_mask,previous_not,previous_goto,previous_suppress_prefixlength,previous_suppress_ifgroup,previous_l3mdev,previous_tun_id,previous_id,previous_buckets,previous_idle_timer,previous_unbalanced_timer,previous_unbalanced_time,previous_blackhole,previous_fdb}'::text[])
$$;

-- The state of a host at a time, every object of every namespace. state has the
-- object's tags and fields.
CREATE OR REPLACE FUNCTION rtnetlink_state(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS TABLE (netns text, object text, key text, since timestamptz, seq bigint, state jsonb) LANGUAGE sql STABLE AS $$
	WITH known AS MATERIALIZED (SELECT * FROM rtnetlink_known($1, $2, $3))
	SELECT k.netns, 'link', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_link_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'address', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_address_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'route', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_route_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'neighbor', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_neighbor_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'rule', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_rule_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'nexthop', n.key, n."time" AT TIME ZONE 'UTC', n.seq, rtnetlink_object(to_jsonb(n))
	FROM known k, LATERAL rtnetlink_nexthop_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- What differs between two times: before is null for what came, after for what
-- went.
CREATE OR REPLACE FUNCTION rtnetlink_diff(host text, "from" timestamptz, "to" timestamptz, partial boolean DEFAULT false)
RETURNS TABLE (netns text, object text, key text, before jsonb, after jsonb) LANGUAGE sql STABLE AS $$
	SELECT netns, object, key, a.state, b.state
	FROM rtnetlink_state($1, $2, $4) a FULL JOIN rtnetlink_state($1, $3, $4) b USING (netns, object, key)
	WHERE a.state IS DISTINCT FROM b.state
$$;

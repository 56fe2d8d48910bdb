-- How long a state takes: psql -v events=1000000 -v keys=10000 -f bench.sql, in
-- a database with postgresql.sql. One epoch of one host, 1,000 events a second,
-- then 30 days of older rows of the same keys, thinned out to a tenth of that.
\timing off
DELETE FROM rtnetlink_route WHERE host = 'bench';
DELETE FROM rtnetlink_sync WHERE host = 'bench';
INSERT INTO rtnetlink_sync ("time", host, moment, epoch, next_seq, reason) VALUES
	('2026-01-31 00:00:00', 'bench', 'begin', 1, 1, 'snapshot'), ('2026-01-31 00:00:00.000001', 'bench', 'complete', 1, 1, 'snapshot');
INSERT INTO rtnetlink_route ("time", host, action, origin, key, seq, family, "table", protocol, type, interface, dst, gateway, scope, metric)
SELECT '2026-01-31 00:00:00.000001'::timestamp + i * interval '1 ms', 'bench', CASE WHEN i <= :keys THEN 'new' ELSE 'change' END, 'notify',
	lpad(to_hex(i % :keys), 16, '0'), i, 'inet', 'main', 'bgp', 'unicast', 'eth0', '10.' || i % 256 || '.0.0/16', '10.0.0.' || i % 250, 'global', 20
FROM generate_series(1, :events) i;
INSERT INTO rtnetlink_route ("time", host, action, origin, key, seq, family, "table", protocol, type, interface, dst, gateway, scope, metric)
SELECT '2026-01-01'::timestamp + i * interval '29 days' / :events, 'bench', 'change', 'notify',
	lpad(to_hex(i % :keys), 16, '0'), i, 'inet', 'main', 'bgp', 'unicast', 'eth0', '10.' || i % 256 || '.0.0/16', '10.0.0.' || i % 250, 'global', 20
FROM generate_series(1, :events) i;
VACUUM ANALYZE rtnetlink_route;
\timing on
\echo the newest row of each key
SELECT count(*) FROM rtnetlink_route_newest('bench', '', '2026-01-31', 1, '2026-01-31 12:00');
\echo is anything missing
SELECT exact, reason FROM rtnetlink_verdict('bench', '2026-01-31 12:00Z');
\echo the state
SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z');

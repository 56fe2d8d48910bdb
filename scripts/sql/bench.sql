-- How long a state takes, in a database with postgresql.sql:
--
--     psql -v events=600000 -v keys=10000 -v older=6000000 -f bench.sql
--
-- One epoch of one host with that many events, 1,000 a second, over so many
-- objects, and older rows of the same objects over 30 days. The processor time is
-- the server's own, in ms, so that other work on the machine does not count.
\set QUIET on
\t on
\set cpu 'SELECT (s[12]::int + s[13]::int) * 10 AS ms FROM (SELECT regexp_split_to_array(split_part(pg_read_file(\'/proc/self/stat\', 0, 1000, true), \') \', 2), \' \') s) x'
DELETE FROM rtnetlink_route WHERE host = 'bench';
DELETE FROM rtnetlink_sync WHERE host = 'bench';
INSERT INTO rtnetlink_sync ("time", host, moment, epoch, next_seq, reason) VALUES
	('2026-01-31 00:00:00', 'bench', 'begin', 1, 1, 'snapshot'), ('2026-01-31 00:00:00.000001', 'bench', 'complete', 1, 1, 'snapshot');
INSERT INTO rtnetlink_route ("time", host, action, origin, key, seq, family, "table", protocol, type, interface, dst, gateway, scope, metric)
SELECT '2026-01-01'::timestamp + i * (interval '29 days' / :older), 'bench', 'change', 'notify',
	lpad(to_hex(i % :keys), 16, '0'), i, 'inet', 'main', 'bgp', 'unicast', 'eth0', '10.' || i % 256 || '.0.0/16', '10.0.0.' || i % 250, 'global', 20
FROM generate_series(1, :older) i;
INSERT INTO rtnetlink_route ("time", host, action, origin, key, seq, family, "table", protocol, type, interface, dst, gateway, scope, metric)
SELECT '2026-01-31 00:00:00.000001'::timestamp + i * interval '1 ms', 'bench', CASE WHEN i <= :keys THEN 'new' ELSE 'change' END, 'notify',
	lpad(to_hex(i % :keys), 16, '0'), i, 'inet', 'main', 'bgp', 'unicast', 'eth0', '10.' || i % 256 || '.0.0/16', '10.0.0.' || i % 250, 'global', 20
FROM generate_series(1, :events) i;
VACUUM ANALYZE rtnetlink_route;
SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \g /dev/null
:cpu \gset a_
SELECT count(*) FROM rtnetlink_route_newest('bench', '', '2026-01-31', 1, '2026-01-31 12:00') \g /dev/null
:cpu \gset b_
SELECT count(*) FROM rtnetlink_verdict('bench', '2026-01-31 12:00Z') WHERE exact \g /dev/null
:cpu \gset c_
SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \g /dev/null
:cpu \gset d_
SELECT count(*) AS n FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \gset
SELECT :b_ms - :a_ms AS newest, :c_ms - :b_ms AS verdict, :d_ms - :c_ms AS state,
	pg_total_relation_size('rtnetlink_route') / (:events + :older) AS size \gset
\echo the newest row of each key: :newest ms
\echo nothing missing among :events events: :verdict ms
\echo the state, :n objects: :state ms
\echo a row with its index entries: :size bytes

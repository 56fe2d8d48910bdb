-- How long a state takes, in a database with postgresql.sql:
--
--     psql -v events=600000 -v keys=10000 -v older=6000000 -f bench.sql
--
-- One epoch of one host with that many events, 1,000 a second, over so many
-- objects, and older rows of the same objects over 30 days. The processor time is
-- the server's own, in ms, so that other work on the machine does not count.
-- Rows and blocks read are the server's counters of the table and its indexes.
\set QUIET on
\t on
\set cpu 'SELECT (s[12]::int + s[13]::int) * 10 AS ms FROM (SELECT regexp_split_to_array(split_part(pg_read_file(\'/proc/self/stat\', 0, 1000, true), \') \', 2), \' \') s) x'
\set read 'SELECT (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes WHERE relname = \'rtnetlink_route\') + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = \'rtnetlink_route\') AS rows, (SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit FROM pg_statio_user_tables WHERE relname = \'rtnetlink_route\') AS blocks'
DELETE FROM rtnetlink_route WHERE host = 'bench';
DELETE FROM rtnetlink_sync WHERE host = 'bench';
BEGIN;
SELECT string_agg(indexdef, ';') AS indexes, string_agg('DROP INDEX ' || indexname, ';') AS drops FROM pg_indexes WHERE tablename = 'rtnetlink_route' \gset
:drops;
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
:indexes;
COMMIT;
VACUUM ANALYZE rtnetlink_route;
SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \g /dev/null
:cpu \gset a_
SELECT count(*) FROM rtnetlink_route_newest('bench', '', '2026-01-31', 1, '2026-01-31 12:00') \g /dev/null
:cpu \gset b_
SELECT count(*) FROM rtnetlink_verdict('bench', '2026-01-31 12:00Z') WHERE exact \g /dev/null
:cpu \gset c_
SELECT count(*) FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \g /dev/null
:cpu \gset d_
SELECT pg_stat_force_next_flush() \g /dev/null
:read \gset e_
SELECT count(*) AS n FROM rtnetlink_state('bench', '2026-01-31 12:00Z') \gset
SELECT pg_stat_force_next_flush() \g /dev/null
:read \gset f_
SELECT :b_ms - :a_ms AS newest, :c_ms - :b_ms AS verdict, :d_ms - :c_ms AS state,
	:f_rows - :e_rows AS rows, :f_blocks - :e_blocks AS blocks,
	pg_total_relation_size('rtnetlink_route') / (:events + :older) AS size \gset
\echo the newest row of each key: :newest ms
\echo nothing missing among :events events: :verdict ms
\echo the state, :n objects: :state ms
\echo read for it: :rows rows, :blocks blocks
\echo a row with its index entries: :size bytes

-- Queries for DuckDB, each run by a test. $1, $2, … are its arguments, in the
-- order of the title's line.

-- Default route of a router at a time: $1 host, $2 time
SELECT netns, family, "table", gateway, interface, nexthops, metric, protocol
FROM rtnetlink_route_at($1, $2::timestamp) WHERE dst = 'default';

-- Who removed a prefix: $1 host, $2 prefix
SELECT "time", netns, action, "table", gateway, protocol, process, portid
FROM rtnetlink_route WHERE host = $1 AND dst = $2 AND action = 'delete' ORDER BY "time" DESC LIMIT 10;

-- Links that flapped most: $1 from, $2 to
SELECT host, netns, interface, count(*)::integer AS flaps
FROM rtnetlink_link
WHERE "time" BETWEEN $1::timestamp AND $2::timestamp AND list_contains(string_split(changed, ','), 'operstate') AND operstate <> 'up'
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 3 LIMIT 20;

-- Prefixes lost between two times: $1 host, $2 from, $3 to
SELECT netns, before->>'table' AS "table", before->>'dst' AS dst, before->>'gateway' AS gateway
FROM rtnetlink_diff($1, $2::timestamp, $3::timestamp) WHERE object = 'route' AND after IS NULL ORDER BY 1, 2, 3;

-- Which routers had a prefix at a time: $1 prefix, $2 time
WITH epoch AS (
	SELECT host, coalesce(netns, '') AS ns, max("time") AS began FROM rtnetlink_sync WHERE moment = 'begin' AND "time" <= $2::timestamp GROUP BY ALL
)
SELECT r.host, r.netns, r."table", r.gateway, r.interface
FROM rtnetlink_route r JOIN epoch e ON e.host = r.host AND e.ns = coalesce(r.netns, '') AND r."time" BETWEEN e.began AND $2::timestamp
QUALIFY row_number() OVER (PARTITION BY r.host, e.ns, r.key ORDER BY r."time" DESC, r.seq DESC) = 1 AND r.action <> 'delete' AND r.dst = $1
ORDER BY 1, 2;

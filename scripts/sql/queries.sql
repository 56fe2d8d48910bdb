-- Queries for PostgreSQL, each run by a test. $1, $2, … are its arguments, in
-- the order of the title's line.

-- Default route of a router at a time: $1 host, $2 time
SELECT netns, family, "table", gateway, interface, nexthops, metric, protocol
FROM rtnetlink_route_at($1, $2) WHERE dst = 'default';

-- Who removed a prefix: $1 host, $2 prefix
SELECT "time", netns, action, "table", gateway, protocol, process, portid
FROM rtnetlink_route WHERE host = $1 AND dst = $2 AND action = 'delete' ORDER BY "time" DESC LIMIT 10;

-- Links that flapped most: $1 from, $2 to
SELECT host, netns, interface, count(*) AS flaps
FROM rtnetlink_link
WHERE "time" BETWEEN ($1::timestamptz AT TIME ZONE 'UTC') AND ($2::timestamptz AT TIME ZONE 'UTC')
	AND 'operstate' = ANY (string_to_array(changed, ',')) AND operstate <> 'up'
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 3 LIMIT 20;

-- Prefixes lost between two times: $1 host, $2 from, $3 to
SELECT netns, before->>'table' AS "table", before->>'dst' AS dst, before->>'gateway' AS gateway
FROM rtnetlink_diff($1, $2, $3) WHERE object = 'route' AND after IS NULL ORDER BY 1, 2, 3;

-- Which routers had a prefix at a time: $1 prefix, $2 time
SELECT h.host, r.netns, r."table", r.gateway, r.interface
FROM (SELECT DISTINCT host FROM rtnetlink_sync) h, LATERAL rtnetlink_route_at(h.host, $2) r
WHERE r.dst = $1 ORDER BY 1, 2;

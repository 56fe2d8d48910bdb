// Runs duckdb.sql in DuckDB: node duckdb.mjs, where @duckdb/node-api is found.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const require = createRequire((process.env.NODE_MODULES ?? process.cwd()) + '/');
const { DuckDBInstance } = require('@duckdb/node-api');
const db = await (await DuckDBInstance.create()).connect();
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowObjectsJson();

await db.run(readFileSync(new URL('duckdb.sql', import.meta.url), 'utf8'));

let seq = 0;
const sync = (at, moment, next) => db.run(`INSERT INTO rtnetlink_sync (time, host, moment, epoch, next_seq, reason) VALUES (TIMESTAMP '2026-09-21 14:00:00' + INTERVAL ${at} SECOND, 'r1', '${moment}', 1, ${next}, 'start')`);
const route = (at, action, key, dst, gateway) => db.run(`INSERT INTO rtnetlink_route (time, host, action, key, seq, dst, gateway) VALUES (TIMESTAMP '2026-09-21 14:00:00' + INTERVAL ${at} SECOND, 'r1', '${action}', '${key}', ${++seq}, '${dst}', '${gateway}')`);
await sync(0, 'begin', 1);
await route(1, 'new', 'a', '10.1.0.0/16', '10.0.0.1');
await route(2, 'new', 'b', '10.2.0.0/16', '10.0.0.1');
await sync(3, 'complete', 3);
await route(4, 'change', 'a', '10.1.0.0/16', '10.0.0.9');
await route(5, 'delete', 'b', '10.2.0.0/16', '10.0.0.1');
seq++; // a metric that an output has dropped
await route(7, 'new', 'c', '10.3.0.0/16', '10.0.0.1');

const at = (n) => `TIMESTAMP '2026-09-21 14:00:00' + INTERVAL ${n} SECOND`;
const dsts = async (n) => (await rows(`SELECT dst || ' ' || gateway AS x FROM rtnetlink_route_at('r1', ${at(n)}) ORDER BY 1`)).map((r) => r.x);
assert.deepEqual(await dsts(3), ['10.1.0.0/16 10.0.0.1', '10.2.0.0/16 10.0.0.1']);
assert.deepEqual(await dsts(5), ['10.1.0.0/16 10.0.0.9']);
assert.equal((await rows(`SELECT count(*) AS n FROM rtnetlink_state('r1', ${at(5)})`))[0].n, '1');
const differ = await rows(`SELECT key, before IS NULL AS came, after IS NULL AS went FROM rtnetlink_diff('r1', ${at(3)}, ${at(5)}) ORDER BY key`);
assert.deepEqual(differ, [{ key: 'a', came: false, went: false }, { key: 'b', came: false, went: true }]);
await assert.rejects(dsts(1), /not exact: the plugin had not told everything/);
await assert.rejects(dsts(8), /not exact: 1 metrics are missing/);
assert.equal((await rows(`SELECT count(*) AS n FROM rtnetlink_route_at('r1', ${at(8)}, partial := true)`))[0].n, '2');
console.log('duckdb.sql: passed in DuckDB', (await rows('SELECT version() AS v'))[0].v);

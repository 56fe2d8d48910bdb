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

// The documented queries, over two routers of their own: r3, whose first run
// forgets a route without a word, changes its default route, loses a prefix and has
// links that flap; r4, which keeps the prefix.
const next = {};
const put = (table, second, host, columns) => db.run(`INSERT INTO rtnetlink_${table} (time, host, ${Object.keys(columns).join(', ')})
	VALUES (${at(second)}, '${host}', ${Object.values(columns).map((v) => (typeof v === 'number' ? v : `'${v}'`)).join(', ')})`);
const mark = (second, host, moment, epoch, next_seq) => put('sync', second, host, { moment, epoch, next_seq, reason: 'start' });
const event = (table, second, host, columns) => put(table, second, host, { ...columns, seq: (next[host] = (next[host] ?? 0) + 1) });
const via = (second, host, action, dst, gateway, interface_, key, more) => event('route', second, host,
	{ action, family: 'inet', '"table"': 'main', dst, gateway, interface: interface_, key, ...more });
const link = (second, host, interface_, operstate, changed = 'operstate,operstate_code') => event('link', second, host,
	{ action: 'change', interface: interface_, operstate, changed, key: interface_ });
await mark(100, 'r3', 'begin', 1, 1);
await via(101, 'r3', 'new', 'default', '10.0.0.7', 'eth0', 'z');
await mark(102, 'r3', 'complete', 1, 2);
next.r3 = 0;
await mark(110, 'r3', 'begin', 2, 1);
await via(111, 'r3', 'new', 'default', '10.0.0.1', 'eth0', 'a');
await via(112, 'r3', 'new', '10.9.0.0/16', '10.0.0.1', 'eth0', 'b');
await via(113, 'r3', 'new', '10.2.0.0/16', '10.0.0.1', 'eth0', 'c');
await mark(114, 'r3', 'complete', 2, 4);
await mark(115, 'r4', 'begin', 3, 1);
await via(116, 'r4', 'new', '10.9.0.0/16', '10.9.0.1', 'eth0', 'b');
await mark(117, 'r4', 'complete', 3, 2);
await via(121, 'r3', 'change', 'default', '10.0.0.9', 'eth1', 'a');
await via(122, 'r3', 'delete', '10.9.0.0/16', '10.0.0.1', 'eth0', 'b', { process: 'ip', portid: 812 });
await via(123, 'r3', 'new', '10.3.0.0/16', '10.0.0.1', 'eth0', 'd');
await via(124, 'r3', 'delete', '10.3.0.0/16', '10.0.0.1', 'eth0', 'd');
for (const [i, state] of ['down', 'up', 'lowerlayerdown', 'up'].entries()) await link(125 + i, 'r3', 'eth0', state);
await link(130, 'r3', 'eth1', 'down', 'operstate_code');
await link(131, 'r4', 'eth1', 'down');

const stamp = (second) => `2026-09-21 14:0${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}`;
const T1 = stamp(118), T2 = stamp(140);
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const query = (text, title) => {
	const start = text.indexOf('-- ' + title);
	assert.notEqual(start, -1, title);
	return text.slice(text.indexOf('\n', start) + 1).split(';')[0];
};
const own = read('queries-duckdb.sql');
const run = async (title, ...args) => (await (await db.runAndReadAll(query(own, title), args)).getRowObjectsJson());
const pick = (list, ...columns) => list.map((r) => columns.map((c) => r[c]).join(' '));
assert.deepEqual(pick(await run('Default route of a router at a time', 'r3', T1), 'gateway', 'interface'), ['10.0.0.1 eth0']);
assert.deepEqual(pick(await run('Default route of a router at a time', 'r3', T2), 'gateway', 'interface'), ['10.0.0.9 eth1']);
assert.deepEqual(pick(await run('Who removed a prefix', 'r3', '10.9.0.0/16'), 'process', 'portid'), ['ip 812']);
assert.deepEqual(pick(await run('Links that flapped most', T1, T2), 'host', 'interface', 'flaps'), ['r3 eth0 2', 'r4 eth1 1']);
assert.deepEqual(pick(await run('Prefixes lost between two times', 'r3', T1, T2), 'dst'), ['10.9.0.0/16']);
assert.deepEqual(pick(await run('Which routers had a prefix at a time', '10.9.0.0/16', T1), 'host'), ['r3', 'r4']);
assert.deepEqual(pick(await run('Which routers had a prefix at a time', '10.9.0.0/16', T2), 'host'), ['r4']);

// Those for InfluxDB 3, whose SQL is the same as far as they go.
const third = read('../history.md').split('### SQL (InfluxDB 3)')[1].split('\n### ')[0];
const influx = async (title, t = T2) => rows(query(third, title).replaceAll("'R'", "'r3'").replaceAll("'P'", "'10.9.0.0/16'")
	.replaceAll("'T1'", `'${T1}'`).replaceAll("'T2'", `'${T2}'`).replaceAll("'T'", `'${t}'`));
assert.deepEqual(pick(await influx('default route of R at T', T1), 'gateway', 'interface'), ['10.0.0.1 eth0']);
assert.deepEqual(pick(await influx('default route of R at T'), 'gateway', 'interface'), ['10.0.0.9 eth1']);
assert.deepEqual(pick(await influx('who removed P'), 'process', 'portid'), ['ip 812']);
assert.deepEqual(pick(await influx('links that flapped most'), 'host', 'interface', 'flaps'), ['r3 eth0 2', 'r4 eth1 1']);
assert.deepEqual(pick(await influx('prefixes lost'), 'dst'), ['10.9.0.0/16']);
assert.deepEqual(pick(await influx('which routers had P at T', T1), 'host'), ['r3', 'r4']);
assert.deepEqual(pick(await influx('which routers had P at T'), 'host'), ['r4']);
console.log('duckdb.sql: passed in DuckDB', (await rows('SELECT version() AS v'))[0].v);

// node duckdb.mjs bench measures a state as bench.sql does.
if (process.argv[2] === 'bench') {
	const [events, keys] = [600_000, 10_000];
	await db.run(`INSERT INTO rtnetlink_sync (time, host, moment, epoch, next_seq, reason) VALUES
		('2026-01-31', 'bench', 'begin', 1, 1, 'snapshot'), ('2026-01-31 00:00:00.000001', 'bench', 'complete', 1, 1, 'snapshot')`);
	for (const [from, action, count] of [['2026-01-01', 'change', 10 * events], ['2026-01-31 00:00:00.000001', 'new', events]])
		await db.run(`INSERT INTO rtnetlink_route (time, host, action, origin, key, seq, family, "table", protocol, type, interface, dst, gateway, scope, metric)
			SELECT TIMESTAMP '${from}' + to_milliseconds(i * ${action === 'new' ? 1 : 400}), 'bench', '${action}', 'notify', printf('%016x', i % ${keys}), i, 'inet', 'main', 'bgp',
				'unicast', 'eth0', '10.' || i % 256 || '.0.0/16', '10.0.0.' || i % 250, 'global', 20 FROM range(1, ${count} + 1) t(i)`);
	for (const what of ['rtnetlink_verdict', 'rtnetlink_state']) {
		const cpu = process.cpuUsage(), began = Date.now();
		const n = (await rows(`SELECT count(*) AS n FROM ${what}('bench', TIMESTAMP '2026-01-31 12:00:00')`))[0].n;
		const { user, system } = process.cpuUsage(cpu);
		console.log(`${what}: ${n} rows, ${Math.round((user + system) / 1000)} ms of processor time, ${Date.now() - began} ms`);
	}
}

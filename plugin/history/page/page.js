'use strict';
(async () => {
const $ = (id) => document.getElementById(id);
const raw = Uint8Array.from(atob($('data').textContent.trim()), (c) => c.charCodeAt(0));
const D = JSON.parse(await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip'))).text());
const N = D.events.length;
document.title = D.title;
$('title').textContent = D.title;
for (const w of D.warn) $('warn').append(Object.assign(document.createElement('li'), { textContent: w }));

// stamp prints a time of the page, in µs behind its beginning, as the commands do.
const stamp = (us) => {
	const t = D.from + us, s = Math.floor(t / 1e6), frac = String(t - s * 1e6).padStart(6, '0').replace(/0+$/, '');
	return new Date(s * 1000).toISOString().slice(0, 19) + (frac ? '.' + frac : '') + 'Z';
};

// The lines of all objects at each STEP-th event; the state at any event is the
// nearest of these and the events since.
const STEP = Math.max(500, Math.ceil(N / 100));
const base = Int32Array.from(D.objects, (o) => o[2]);
const steps = [base];
{
	const now = base.slice();
	for (let i = 0; i < N; i++) {
		now[D.events[i][1]] = D.events[i][2];
		if ((i + 1) % STEP === 0) steps.push(now.slice());
	}
}
const stateAt = (n) => { // behind the first n events
	const k = Math.floor(n / STEP), now = steps[k].slice();
	for (let i = k * STEP; i < n; i++) now[D.events[i][1]] = D.events[i][2];
	return now;
};

// Selections.
const option = (to, value, text) => to.append(Object.assign(document.createElement('option'), { value, textContent: text }));
const used = D.classes.filter((c) => D.objects.some((o) => o[1] === c));
option($('class'), '', 'all');
for (const c of used) option($('class'), c, c);
const scopes = [...new Set(D.objects.map((o) => o[0]))].sort();
if (scopes.length > 1) option($('scope'), '*', 'all hosts');
for (const s of scopes) option($('scope'), s, s || 'this host');
if (scopes.length < 2) $('scope').hidden = true;
const wanted = (i) => {
	const [scope, cls] = D.objects[i], c = $('class').value, s = $('scope').value;
	return (!c || c === cls) && (s === '*' || s === '' || s === scope);
};

// text prints a state as `state -format ip` does.
const text = (now) => {
	const by = new Map();
	now.forEach((line, i) => {
		if (line < 0 || !wanted(i)) return;
		const s = D.objects[i][0];
		if (!by.has(s)) by.set(s, []);
		by.get(s).push(line);
	});
	const out = [], headings = !$('class').value;
	let n = 0;
	for (const s of [...by.keys()].sort()) {
		if (by.size > 1) out.push('# ' + s);
		let cls = '';
		for (const line of by.get(s).sort((a, b) => a - b)) {
			const [c, t] = D.lines[line];
			if (headings && c !== cls) out.push('# ' + c);
			cls = c;
			out.push(t);
			n++;
		}
	}
	return [out.join('\n'), n];
};

const MAXLINES = 3000;
const clip = (t) => {
	const lines = t.split('\n');
	return lines.length <= MAXLINES ? t : lines.slice(0, MAXLINES).join('\n') + `\n… ${lines.length - MAXLINES} lines more; choose a class or search`;
};

const diff = (now) => {
	const f = document.createDocumentFragment();
	let n = 0;
	const add = (cls, mark, line) => {
		if (line < 0 || ++n > MAXLINES) return;
		f.append(Object.assign(document.createElement('span'), { className: cls, textContent: mark + D.lines[line].slice(0, 2).join(' ').replaceAll('\n', '\n' + mark) + '\n' }));
	};
	const order = [];
	now.forEach((line, i) => { if (line !== base[i] && wanted(i)) order.push(i); });
	order.sort((a, b) => Math.max(now[a], base[a]) - Math.max(now[b], base[b]));
	for (const i of order) { add('del', '- ', base[i]); add('add', '+ ', now[i]); }
	$('diff').replaceChildren(f);
	if (n > MAXLINES) $('diff').append(`… ${n - MAXLINES} lines more`);
};

// Longest match.
const parse = (s) => {
	const [a, bits] = s.split('/');
	let v = 0n, len;
	if (/^\d+(\.\d+){3}$/.test(a)) {
		len = 32;
		for (const p of a.split('.')) { if (+p > 255) return null; v = v * 256n + BigInt(p); }
	} else if (/^[0-9a-f:.]+$/i.test(a) && a.includes(':')) {
		len = 128;
		const halves = a.split('::');
		if (halves.length > 2) return null;
		const words = (h) => (h ? h.split(':') : []).flatMap((w) => w.includes('.')
			? (([p, q, r, t]) => [(p * 256 + q).toString(16), (r * 256 + t).toString(16)])(w.split('.').map(Number)) : [w]);
		const head = words(halves[0]), tail = halves.length > 1 ? words(halves[1]) : [];
		const gap = 8 - head.length - tail.length;
		if (halves.length > 1 ? gap < 0 : gap !== 0) return null;
		for (const w of [...head, ...Array(gap).fill('0'), ...tail]) { if (!/^[0-9a-f]{1,4}$/i.test(w)) return null; v = v * 65536n + BigInt('0x' + w); }
	} else return null;
	const n = bits === undefined ? len : +bits;
	if (!(n >= 0 && n <= len)) return null;
	return { len, bits: n, v: v >> BigInt(len - n) };
};
const prefixes = new Map();
D.lines.forEach((l, i) => { if (l[0] === 'route' && l[2]) { const p = parse(l[2]); if (p) prefixes.set(i, p); } });
const find = (now) => {
	const q = $('search').value.trim();
	if (!q) { $('found').textContent = ''; return; }
	const ip = parse(q), hits = [];
	now.forEach((line, i) => {
		if (line < 0) return;
		const s = scopes.length > 1 ? D.objects[i][0] + ' ' : '';
		if (ip) {
			const p = prefixes.get(line);
			if (p && p.len === ip.len && p.bits <= ip.bits && ip.v >> BigInt(ip.bits - p.bits) === p.v) hits.push([p.bits, s + (D.lines[line][3]) + ': ' + D.lines[line][1]]);
		} else if (D.lines[line][1].toLowerCase().includes(q.toLowerCase())) hits.push([0, s + D.lines[line][0] + ' ' + D.lines[line][1]]);
	});
	hits.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1));
	const past = [];
	for (let i = at - 1; i >= 0 && past.length < 50; i--) {
		const e = D.events[i], line = e[2] >= 0 ? e[2] : last(i), p = prefixes.get(line);
		const hit = ip ? p && p.len === ip.len && p.bits === ip.bits && p.v === ip.v : (e[5] + ' ' + (line >= 0 ? D.lines[line][1] : '')).toLowerCase().includes(q.toLowerCase());
		if (hit) past.push(stamp(e[0]) + ' ' + e[3] + ' ' + (line >= 0 ? D.lines[line][1] : '') + (e[5] ? ' by ' + e[5] : ''));
	}
	$('found').textContent = (hits.length ? (ip ? 'longest match first:\n' : '') + hits.slice(0, 200).map((h) => h[1]).join('\n') : 'nothing in the state') +
		(past.length ? '\n\nevents, newest first:\n' + past.join('\n') : '');
};
// last is the line that an object had before event i.
const last = (i) => {
	for (let j = i - 1; j >= 0; j--) if (D.events[j][1] === D.events[i][1]) return D.events[j][2];
	return base[D.events[i][1]];
};
const previous = new Int32Array(N);
{
	const now = base.slice();
	for (let i = 0; i < N; i++) { previous[i] = now[D.events[i][1]]; now[D.events[i][1]] = D.events[i][2]; }
}

// Pictures.
const NS = 'http://www.w3.org/2000/svg', W = 1400, LEFT = 150;
const span = Math.max(1, D.to - D.from);
const x = (us) => LEFT + (W - LEFT - 10) * us / span;
const el = (to, name, attrs, content) => {
	const e = document.createElementNS(NS, name);
	for (const k in attrs) e.setAttribute(k, attrs[k]);
	if (content !== undefined) e.textContent = content;
	to.append(e);
	return e;
};
const svg = (to, h) => el(to, 'svg', { viewBox: `0 0 ${W} ${h}`, height: h, preserveAspectRatio: 'none' });
const cursors = [];
const MAXLANES = 300;
const lanes = () => {
	const list = new Map();
	D.objects.forEach((o, i) => { if (o[1] === 'link') list.set(i, [[0, o[2]]]); });
	for (const e of D.events) if (list.has(e[1])) list.get(e[1]).push([e[0], e[2]]);
	const all = [...list].slice(0, MAXLANES), h = all.length * 20 + 4, s = svg($('lanes'), Math.max(h, 24));
	const color = { up: 'var(--up)', unknown: 'var(--up)', down: 'var(--down)', lowerlayerdown: 'var(--down)' };
	all.forEach(([i, changes], row) => {
		const name = changes.map((c) => c[1] >= 0 ? D.lines[c[1]][3].split(' ')[0] : '').filter(Boolean).pop() ?? '?';
		el(s, 'text', { x: 0, y: row * 20 + 15 }, (scopes.length > 1 ? D.objects[i][0] + ' ' : '') + name);
		changes.forEach(([from, line], k) => {
			if (line < 0) return;
			const [, state, port] = D.lines[line][3].split(' '), to = k + 1 < changes.length ? changes[k + 1][0] : span;
			const r = el(s, 'rect', { x: x(from), y: row * 20 + 3, width: Math.max(0.7, x(to) - x(from)), height: 14, fill: color[state] ?? 'var(--other)' });
			el(r, 'title', {}, `${name} ${state}${port ? ', active ' + port : ''} from ${stamp(from)}`);
			if (port && x(to) - x(from) > 8 * port.length) el(s, 'text', { x: x(from) + 4, y: row * 20 + 14, class: 'port' }, port);
		});
	});
	if (list.size > MAXLANES) $('lanes').append(`${list.size - MAXLANES} links more; report -object link -where interface=… shows one`);
	for (const m of D.marks) el(el(s, 'line', { x1: x(m[0]), x2: x(m[0]), y1: 0, y2: h, stroke: 'var(--other)', 'stroke-dasharray': '3 3' }), 'title', {}, stamp(m[0]) + ' ' + m[1] + ' ' + m[2]);
	cursors.push(el(s, 'line', { y1: 0, y2: Math.max(h, 24), stroke: 'var(--mark)', 'stroke-width': 2 }));
};
const churn = () => {
	const BINS = 200, H = 120, kinds = new Map();
	for (const e of D.events) {
		const k = D.objects[e[1]][1] + (e[4] ? ' ' + e[4] : '');
		if (!kinds.has(k)) kinds.set(k, new Uint32Array(BINS));
		kinds.get(k)[Math.min(BINS - 1, Math.max(0, Math.floor(e[0] / span * BINS)))]++;
	}
	const s = svg($('churn'), H), list = [...kinds].sort((a, b) => b[1].reduce((p, q) => p + q, 0) - a[1].reduce((p, q) => p + q, 0));
	const top = Math.max(1, ...Array.from({ length: BINS }, (_, i) => list.reduce((n, [, b]) => n + b[i], 0)));
	const below = new Float64Array(BINS), w = (W - LEFT - 10) / BINS;
	el(s, 'text', { x: 0, y: 12 }, `${top} at most`);
	list.forEach(([k, bins], n) => {
		const fill = `hsl(${(n * 137.5) % 360} 60% 50%)`;
		bins.forEach((c, i) => {
			if (!c) return;
			const h = c / top * (H - 4);
			el(el(s, 'rect', { x: LEFT + i * w, y: H - below[i] - h, width: w, height: h, fill }), 'title', {}, `${k}: ${c}`);
			below[i] += h;
		});
		const total = bins.reduce((p, q) => p + q, 0);
		const item = Object.assign(document.createElement('span'), { textContent: '■ ' });
		item.style.color = fill;
		$('legend').append(item, `${k} ${total}   `);
	});
	cursors.push(el(s, 'line', { y1: 0, y2: H, stroke: 'var(--mark)', 'stroke-width': 2 }));
};

// The table of events.
const table = () => {
	const f = document.createDocumentFragment();
	for (let i = at - 1, n = 0; i >= 0 && n < 100; i--) {
		if (!wanted(D.events[i][1])) continue;
		n++;
		const [us, o, line, what, , by] = D.events[i], tr = document.createElement('tr');
		const shown = line >= 0 ? line : previous[i];
		for (const t of [stamp(us), D.objects[o][1] + ' ' + what, (scopes.length > 1 ? D.objects[o][0] + ': ' : '') + (shown >= 0 ? D.lines[shown][1] : ''), by]) tr.append(Object.assign(document.createElement('td'), { textContent: t }));
		f.append(tr);
	}
	$('events').replaceChildren(f);
};

let at = N;
const show = () => {
	at = +$('slider').value;
	const us = at ? D.events[at - 1][0] : 0, now = stateAt(at);
	$('when').textContent = stamp(us);
	$('slider').setAttribute('aria-valuetext', stamp(us));
	$('event').textContent = `${at} of ${N} events`;
	const [t, n] = text(now);
	$('state').textContent = clip(t);
	$('count').textContent = n + ' objects';
	diff(now);
	find(now);
	table();
	for (const c of cursors) { c.setAttribute('x1', x(us)); c.setAttribute('x2', x(us)); }
};
// last event up to a time in µs behind the beginning
const upTo = (us) => { let lo = 0, hi = N; while (lo < hi) { const m = (lo + hi) >> 1; if (D.events[m][0] <= us) lo = m + 1; else hi = m; } return lo; };
let due = 0;
const later = () => { if (!due) due = requestAnimationFrame(() => { due = 0; show(); }); };
const go = (n) => { $('slider').value = Math.max(0, Math.min(N, n)); later(); };
lanes();
churn();
$('slider').max = N;
$('slider').value = N;
$('slider').addEventListener('input', later);
for (const id of ['class', 'scope']) $(id).addEventListener('change', show);
$('search').addEventListener('input', later);
for (const id of ['lanes', 'churn']) $(id).addEventListener('click', (e) => {
	const box = e.currentTarget.querySelector('svg').getBoundingClientRect();
	go(upTo(((e.clientX - box.left) / box.width * W - LEFT) / (W - LEFT - 10) * span));
});
document.addEventListener('keydown', (e) => {
	if (e.key === 'Escape' && e.target === $('search')) { $('search').value = ''; later(); $('slider').focus(); }
	if (e.target.matches('input[type=search], select') || e.ctrlKey || e.metaKey || e.altKey) return;
	const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -Math.ceil(N / 100), PageDown: Math.ceil(N / 100) }[e.key];
	if (e.key === '/') { $('search').focus(); e.preventDefault(); }
	else if (move && !e.target.matches('pre')) { go(+$('slider').value + move); e.preventDefault(); } // not at, which waits for the next frame
	else if (e.key === 'Home' && !e.target.matches('pre')) go(0);
	else if (e.key === 'End' && !e.target.matches('pre')) go(N);
});
// The page can be opened at a time: #t=RFC3339 or #n=EVENTS, &class=route, &q=SEARCH.
const hash = new URLSearchParams(location.hash.slice(1));
if (hash.get('class')) $('class').value = hash.get('class');
if (hash.get('q')) $('search').value = hash.get('q');
if (hash.get('t')) {
	const m = /^(.*?)(?:\.(\d+))?Z$/.exec(hash.get('t'));
	if (m) $('slider').value = upTo(Date.parse(m[1] + 'Z') * 1000 + +(m[2] ?? '').padEnd(6, '0').slice(0, 6) - D.from);
} else if (hash.get('n')) $('slider').value = +hash.get('n');
show();
document.body.dataset.ready = 'yes';
})();

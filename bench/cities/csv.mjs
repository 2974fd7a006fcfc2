/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.mjs - reading and writing CSV, civil dates and seeded numbers for the city benches. */
import fs from 'node:fs';
import path from 'node:path';

/* Rows of a comma separated file as objects by header name. Quotes are those of RFC 4180. */
export function readCsv(file) {
    const text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const rows = [];
    let row = [];
    let field = '';
    let quoted = false;
    const endField = () => { row.push(field); field = ''; };
    const endRow = () => { endField(); if (row.length > 1 || row[0] !== '') rows.push(row); row = []; };
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted) {
            if (c === '"' && text[i + 1] === '"') { field += '"'; i++; }
            else if (c === '"') quoted = false;
            else field += c;
        } else if (c === '"') quoted = true;
        else if (c === ',') endField();
        else if (c === '\n') endRow();
        else if (c !== '\r') field += c;
    }
    if (field !== '' || row.length) endRow();
    const head = rows.shift() ?? [];
    return rows.map((r, k) => {
        if (r.length !== head.length)
            throw new Error(`${file} row ${k + 2}: ${r.length} fields, the header has ${head.length}`);
        return Object.fromEntries(head.map((h, j) => [h, r[j]]));
    });
}

/* A CSV file written row by row; values are quoted where needed. */
export class CsvWriter {
    constructor(file, columns) {
        this.columns = columns;
        this.fd = fs.openSync(file, 'w');
        this.part = [columns.join(',')];
        this.rows = 0;
    }
    row(values) {
        this.part.push(this.columns.map((c) => quote(values[c])).join(','));
        this.rows++;
        if (this.part.length >= 5000) this.flush();
    }
    flush() {
        if (this.part.length) fs.writeSync(this.fd, this.part.join('\n') + '\n');
        this.part = [];
    }
    close() { this.flush(); fs.closeSync(this.fd); }
}

function quote(v) {
    if (v === undefined || v === null) return '';
    if (typeof v === 'boolean') return v ? '1' : '0';
    const s = String(v);
    return /[",\n\r]/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s;
}

/* One small table at once. */
export function writeCsv(file, columns, rows) {
    const w = new CsvWriter(file, columns);
    for (const r of rows) w.row(r);
    w.close();
}

/* Days since 1970-01-01 of an ISO date, and back. 0 = Monday in weekday(). */
export const dayOf = (iso) => {
    const t = Date.parse(iso + 'T00:00:00Z');
    if (!/^\d{4}-\d\d-\d\d$/.test(iso) || Number.isNaN(t)) throw new Error(`not a date: ${iso}`);
    return Math.round(t / 86400000);
};
export const isoOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
export const weekday = (day) => (((day + 3) % 7) + 7) % 7;

/* Great-circle kilometres (haversine, R = 6,371.0088 km). */
export function circleKm(a, b) {
    const r = Math.PI / 180;
    const s = Math.sin(((b.lat - a.lat) * r) / 2) ** 2 +
        Math.cos(a.lat * r) * Math.cos(b.lat * r) * Math.sin(((b.lon - a.lon) * r) / 2) ** 2;
    return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(s)));
}

/* A stream of numbers for one (seed, name): the same whatever order the names are asked in.
 * FNV-1a of the text starts mulberry32. */
export class Stream {
    constructor(seed, name) {
        let h = 0x811c9dc5;
        for (const c of Buffer.from(`${seed}/${name}`, 'utf8')) h = Math.imul(h ^ c, 0x01000193);
        this.s = h >>> 0;
        this.unit(); /* the first number follows the hash too closely */
    }
    unit() {
        this.s = (this.s + 0x6d2b79f5) >>> 0;
        let t = this.s;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    below(n) { return Math.floor(this.unit() * n); }
    normal() {
        const u = 1 - this.unit();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.unit());
    }
}

/* --name VALUE and --flag arguments; unknown ones and missing values are an error. */
export function readArgs(argv, values, flags = []) {
    const out = {};
    for (let i = 0; i < argv.length; i++) {
        const name = argv[i].replace(/^--/, '');
        if (flags.includes(name)) out[name] = true;
        else if (values.includes(name) && i + 1 < argv.length) out[name] = argv[++i];
        else throw new Error(`unknown or incomplete argument ${argv[i]}; known: ` +
            [...values, ...flags].map((v) => '--' + v).join(' '));
    }
    return out;
}

/* A link in `folder` to a file that stays where it is. */
export function link(file, folder) {
    const to = path.join(folder, path.basename(file));
    fs.rmSync(to, { force: true });
    fs.symlinkSync(path.resolve(file), to);
}

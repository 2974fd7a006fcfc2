/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand.mjs - daily withdrawals and deposits of every point from the shapes of NN5. */
import { Stream, dayOf, readCsv, weekday } from '../csv.mjs';

/* All series on their real days, moved to today's calendar, with a mean of 1 each kept apart from
 * the level: value / mean of all series. NaN = no record. */
export function readNn5(file, rules) {
    const series = new Map();
    for (const r of readCsv(file)) {
        if (!series.has(r.series)) series.set(r.series, []);
        series.get(r.series).push(r);
    }
    const names = [...series.keys()].sort();
    const first = dayOf(series.get(names[0])[0].date);
    const n = series.get(names[0]).length;
    let sum = 0;
    let count = 0;
    const values = names.map((name) => series.get(name).map((r, i) => {
        if (dayOf(r.date) !== first + i) throw new Error(`${file}: ${name} has a gap at ${r.date}`);
        if (r.value === '') return NaN;
        sum += +r.value;
        count++;
        return +r.value;
    }));
    if (values.some((v) => v.length !== n)) throw new Error(`${file}: series of different lengths`);
    const firstDay = first + rules.dateShiftDays;
    /* The real weekday is that of the printed date plus one day, and must stay. */
    for (let i = 0; i < n; i++)
        if (weekday(firstDay + i) !== weekday(first + i + 1)) throw new Error('the shift moves weekdays');
    const mean = sum / count;
    return { firstDay, n, shapes: values.map((v) => v.map((x) => x / mean)) };
}

/* The sum of `count` different series at one level, in HKD rounded to hundreds. NaN where one of
 * them has no record; `zero` where the whole sum is 0 (a closed or broken machine). */
export function flowOf(nn5, stream, count, hkdPerSeries) {
    const picked = [];
    while (picked.length < count) {
        const k = stream.below(nn5.shapes.length);
        if (!picked.includes(k)) picked.push(k);
    }
    const hkd = new Array(nn5.n);
    for (let i = 0; i < nn5.n; i++) {
        let v = 0;
        for (const k of picked) v += nn5.shapes[k][i];
        hkd[i] = Number.isNaN(v) ? NaN : 100 * Math.round((v * hkdPerSeries) / 100);
    }
    return hkd;
}

/* Mean of the known days before index `end`. */
export function meanOf(hkd, end) {
    let s = 0;
    let n = 0;
    for (let i = 0; i < end; i++)
        if (!Number.isNaN(hkd[i])) { s += hkd[i]; n++; }
    return n ? s / n : 0;
}

/* Withdrawals and deposits of one point, by the rules. */
export function demandOf(nn5, rules, point) {
    const stream = new Stream(rules.seed, 'demand/' + point.code);
    if (point.kind === 'atm') {
        const r = rules.atm;
        const level = r.meanHkdPerMachineDay * Math.exp(r.siteSpread * stream.normal());
        return {
            out: flowOf(nn5, stream, point.machines, level),
            in: point.deposit ? flowOf(nn5, stream, point.machines, level * r.depositPerWithdrawal) : null,
        };
    }
    const r = rules.branch;
    const level = r.meanHkdPerDay * Math.exp(r.spread * stream.normal()) *
        (point.priority ? r.priorityShare : 1);
    const ratio = r.inPerOut * Math.exp(r.inSpread * stream.normal());
    return {
        out: flowOf(nn5, stream, r.outSeries, level / r.outSeries),
        in: flowOf(nn5, stream, r.inSeries, (level * ratio) / r.inSeries),
    };
}

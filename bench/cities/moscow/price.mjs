/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price.mjs - prices driven routes by the task's own rules, from its raw files alone.
 *
 *   node price.mjs --data DIR --executed FILE [--daily-fleet] [--cars N] [--json]
 *
 * Reads day, car, stop and site_code of the executed file and nothing else of ours: times, balances
 * and costs are made anew from terminals.csv, daily_cash_in.csv and travel_times_observed.csv.
 * Funding is charged on the evening's balance. The published plans charge it on what the day's visits
 * leave, before the day's cash (README.md has the proof): that total is given beside.
 * Exit code 1 when a rule is broken: a stop begins or ends after 20:00, fifteen days without a visit,
 * a terminal twice a day, one not known. */
import path from 'node:path';
import { circleKm, dayOf, readArgs, readCsv } from '../csv.mjs';

const LIMIT = 1e6;
const CAR_DAY = 20000;
const DAY_MIN = 720;
const STOP_MIN = 10;
const SLOW = 1.22; /* the mean error of the estimate, all on the wrong side */

function readTask(dir) {
    const cash = new Map(readCsv(path.join(dir, 'daily_cash_in.csv')).map((r) => [r.tid, r]));
    const terminals = readCsv(path.join(dir, 'terminals.csv'));
    const days = Object.keys(cash.values().next().value).filter((k) => k !== 'tid').sort();
    const place = new Map(terminals.map((t) => [t.tid, { lat: +t.lat, lon: +t.lon }]));
    const seen = new Map(readCsv(path.join(dir, 'travel_times_observed.csv'))
        .map((r) => [`${r.from_tid} ${r.to_tid}`, +r.minutes]));
    return { cash, terminals, days, place, seen };
}

const legOf = (task, a, b) => {
    const minutes = task.seen.get(`${a} ${b}`);
    if (minutes !== undefined) return { minutes, estimated: false };
    return { minutes: 3.075 * circleKm(task.place.get(a), task.place.get(b)) ** 0.757, estimated: true };
};

/* Routes by day: lists of terminals in driving order. */
function readRoutes(file, task) {
    const byDay = new Map(task.days.map((d) => [d, new Map()]));
    for (const r of readCsv(file)) {
        if (!task.place.has(r.site_code)) throw new Error(`unknown terminal ${r.site_code}`);
        if (!byDay.has(r.day)) throw new Error(`${r.day} is no day of the task`);
        const cars = byDay.get(r.day);
        if (!cars.has(r.car)) cars.set(r.car, []);
        cars.get(r.car).push({ stop: +r.stop, tid: r.site_code });
    }
    for (const cars of byDay.values())
        for (const [car, stops] of cars)
            cars.set(car, stops.sort((a, b) => a.stop - b.stop).map((s) => s.tid));
    return byDay;
}

function priceRoutes(task, byDay) {
    const out = { stops: 0, legs: 0, estimated: 0, driveMin: 0, cars: 0, late: 0, latest: 0,
        slowOverMin: 0, slowLate: 0, extraCars: 0, carDays: 0 };
    for (const cars of byDay.values()) {
        let over = 0;
        out.cars = Math.max(out.cars, cars.size);
        out.carDays += cars.size;
        for (const tids of cars.values()) {
            let at = 0;
            let slow = 0;
            tids.forEach((tid, k) => {
                if (k > 0) {
                    const leg = legOf(task, tids[k - 1], tid);
                    out.legs++;
                    out.estimated += leg.estimated;
                    out.driveMin += leg.minutes;
                    at += leg.minutes;
                    slow += leg.minutes * (leg.estimated ? SLOW : 1);
                }
                at += STOP_MIN;
                slow += STOP_MIN;
            });
            out.stops += tids.length;
            out.latest = Math.max(out.latest, at);
            if (at > DAY_MIN + 1e-6) out.late++;
            if (slow > DAY_MIN) { over += slow - DAY_MIN; out.slowLate++; }
        }
        out.slowOverMin += over;
        out.extraCars = Math.max(out.extraCars, Math.ceil(over / DAY_MIN));
    }
    return out;
}

function priceCash(task, byDay) {
    const out = { funding: 0, morning: 0, collection: 0, over: 0, forced: 0, longGaps: 0, twice: 0, daily: [] };
    const visited = new Map();
    for (const [d, cars] of byDay)
        for (const tids of cars.values())
            for (const tid of tids) {
                const key = `${d} ${tid}`;
                if (visited.has(key)) out.twice++;
                visited.set(key, true);
            }
    for (const t of task.terminals) {
        let balance = +t.opening_cash_rub;
        let last = -1;
        task.days.forEach((d, i) => {
            const came = +task.cash.get(t.tid)[d];
            if (visited.has(`${d} ${t.tid}`)) {
                out.collection += Math.max(100, balance * 1e-4);
                balance = 0;
                last = i;
            }
            if (i + 1 - last > 14) out.longGaps++;
            out.morning += (balance * 0.02) / 365;
            balance += came;
            out.funding += (balance * 0.02) / 365;
            if (balance > LIMIT) { out.over++; out.forced += came > LIMIT; }
        });
    }
    return out;
}

function main() {
    const args = readArgs(process.argv.slice(2), ['data', 'executed', 'cars'], ['daily-fleet', 'json']);
    const task = readTask(args.data);
    const byDay = readRoutes(args.executed, task);
    const r = priceRoutes(task, byDay);
    const c = priceCash(task, byDay);
    const n = task.days.length;
    if (dayOf(task.days[n - 1]) - dayOf(task.days[0]) !== n - 1) throw new Error('days are missing');
    const fleet = +(args.cars ?? r.cars);
    const vehicles = CAR_DAY * (args['daily-fleet'] ? r.carDays : fleet * n);
    const total = c.funding + c.collection + vehicles;
    const sum = {
        total_rub: Math.round(total), funding_rub: Math.round(c.funding),
        collection_rub: Math.round(c.collection), vehicles_rub: vehicles,
        as_published_plans_count: { total_rub: Math.round(total - c.funding + c.morning),
            funding_rub: Math.round(c.morning) },
        vehicles: args['daily-fleet'] ? `${(r.carDays / n).toFixed(2)} a day` : fleet,
        stops: r.stops, drive_min_a_stop: +(r.driveMin / r.stops).toFixed(2),
        estimated_legs_pct: +((100 * r.estimated) / r.legs).toFixed(1),
        latest_end_min: +r.latest.toFixed(2),
        over_limit: c.over, over_limit_pct: +((100 * c.over) / (n * task.terminals.length)).toFixed(3),
        over_limit_forced_by_one_day: c.forced,
        if_estimates_took_1_22: { routes_after_20: r.slowLate, minutes_after_20: Math.round(r.slowOverMin),
            more_vehicles: r.extraCars, total_rub: Math.round(total + CAR_DAY * n * r.extraCars) },
        broken: { routes_after_20: r.late, days_beyond_14: c.longGaps, twice_a_day: c.twice },
    };
    process.stdout.write(JSON.stringify(sum, null, 2) + '\n');
    return r.late + c.longGaps + c.twice > 0 ? 1 : 0;
}

try {
    process.exitCode = main();
} catch (e) {
    process.stderr.write(`price.mjs: ${e.message}\n`);
    process.exitCode = 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.mjs - writes the folder that `cashplan import` reads for Moscow's cash-in terminals.
 *
 *   node build.mjs --data DIR --calendars DIR --out DIR [--cars N] [--daily-fleet]
 *        [--estimate-factor F] [--overrun-rub N] [--overrun-ppm N]
 *
 * OUT/import   rules, costs, opening balances, observed travel times and the prior, one CSV an entity
 *              (history.csv: the prior alone). Terminals, daily cash and holidays are not copied:
 *              links beside them lead to the real files, which mapping.json reads.
 * Rules and prices are those of the task (README.md of the data); our own choices say why. */
import fs from 'node:fs';
import path from 'node:path';
import { CsvWriter, dayOf, isoOf, link, readArgs, readCsv, writeCsv } from '../csv.mjs';

const KOPECKS = 100;
const LIMIT_RUB = 1e6;
const NOTE_RUB = 1000;

/* What is believed before the first day. Fourteen days is the longest a terminal may wait, so the
 * opening balances are on average those of seven days; one terminal is believed to be half the mean
 * terminal and half what its own opening balance says. Written as one invented day: the first true
 * one outweighs it. */
const PRIOR = { meanAgeDays: 7, ownShare: 0.5, leastRub: 5000 };

/* The task names no price for a terminal above its limit. These two steer the search only, price.mjs
 * never sees them: a failure in the interval between two visits, and each day's cash that came above
 * the limit, so that a full terminal grows more urgent from day to day. */
const OVERRUN = { emergencyRub: 1000, cashOutPpm: 20000 };

function prior(terminals) {
    const capped = terminals.map((t) => Math.min(+t.opening_cash_rub, LIMIT_RUB));
    const mean = capped.reduce((a, b) => a + b, 0) / capped.length / PRIOR.meanAgeDays;
    return capped.map((c) => Math.max(PRIOR.leastRub,
        (1 - PRIOR.ownShare) * mean + (PRIOR.ownShare * c) / PRIOR.meanAgeDays));
}

function writeHistory(dir, terminals, cash) {
    const days = Object.keys(cash[0]).filter((k) => k !== 'tid').sort();
    const first = dayOf(days[0]);
    const level = prior(terminals);
    writeCsv(path.join(dir, 'history.csv'), ['point_code', 'day', 'flow', 'amount_minor'],
        terminals.map((t, i) => ({ point_code: t.tid, day: isoOf(first - 1), flow: 'deposit',
            amount_minor: KOPECKS * NOTE_RUB * Math.round(level[i] / NOTE_RUB) })));
    return { first, days: days.length };
}

function writeBalances(dir, terminals, firstDay) {
    writeCsv(path.join(dir, 'balance.csv'), ['point_code', 'day', 'slot', 'notes'],
        terminals.map((t) => ({ point_code: t.tid, day: isoOf(firstDay - 1), slot: 1,
            notes: Math.round(+t.opening_cash_rub / NOTE_RUB) })));
}

function writeTravel(dir, data) {
    const w = new CsvWriter(path.join(dir, 'travel_pair.csv'), ['from_code', 'to_code', 'seconds']);
    for (const r of readCsv(path.join(data, 'travel_times_observed.csv')))
        w.row({ from_code: r.from_tid, to_code: r.to_tid,
            seconds: Math.ceil(60 * +r.minutes - 1e-6) });
    w.close();
}

function writeRules(dir, args) {
    const table = (name, columns, rows) => writeCsv(path.join(dir, name + '.csv'), columns, rows);
    const n = +(args.cars ?? 4);
    table('currency', ['code', 'exponent'], [{ code: 'RUB', exponent: 2 }]);
    table('denomination', ['code', 'currency_code', 'value_minor'],
        [{ code: 'RUB1000', currency_code: 'RUB', value_minor: KOPECKS * NOTE_RUB }]);
    table('cassette_model', ['code', 'capacity_notes', 'fill_ppm'],
        [{ code: 'BIN', capacity_notes: LIMIT_RUB / NOTE_RUB, fill_ppm: 1000000 }]);
    table('central_bank', ['code', 'name', 'lat_deg', 'lon_deg', 'service_days', 'calendar_code'],
        [{ code: 'CB', name: 'Central bank', lat_deg: 55.7636, lon_deg: 37.6213,
            service_days: '1111111', calendar_code: 'RU' }]);
    /* Open routes: the base is only a name, at the middle of the city. */
    table('vault', ['code', 'name', 'lat_deg', 'lon_deg', 'status', 'central_bank_code',
        'calendar_code', 'open_min', 'close_min'], [{ code: 'BASE', name: 'Base',
        lat_deg: 55.7539, lon_deg: 37.6208, status: 'existing', central_bank_code: 'CB',
        calendar_code: 'RU', open_min: '00:00', close_min: '24:00' }]);
    table('carrier', ['code', 'name', 'kind'], [{ code: 'CIT', name: 'Carrier', kind: 'third_party' }]);
    const names = Array.from({ length: n }, (_, i) => String(i + 1));
    table('crew', ['code', 'vault_code', 'roles'],
        names.map((i) => ({ code: 'CREW' + i, vault_code: 'BASE', roles: 'driver;custodian' })));
    table('car', ['code', 'carrier_code', 'vault_code', 'crew_code', 'insured_minor', 'volume_cm3',
        'shift_start_min', 'shift_end_min', 'overtime_min', 'max_trips', 'reload_min', 'open_route',
        'paid_daily'], names.map((i) => ({ code: 'CAR' + i, carrier_code: 'CIT',
        vault_code: 'BASE', crew_code: 'CREW' + i, insured_minor: 1e15, volume_cm3: 0,
        shift_start_min: '08:00', shift_end_min: '20:00', overtime_min: 0, max_trips: 1,
        reload_min: 0, open_route: 1, paid_daily: args['daily-fleet'] ? 0 : 1 })));
    const valid = { valid_from: '2022-01-01', valid_to: '2022-12-31' };
    table('tariff', ['item', 'valid_from', 'valid_to', 'amount'], [
        { item: 'hold_ppm_year', amount: 20000 }, { item: 'stop_value_ppm', amount: 100 },
        { item: 'stop_value_min_minor', amount: 100 * KOPECKS },
        { item: 'car_day_minor', amount: 20000 * KOPECKS },
        { item: 'emergency_minor', amount: (args['overrun-rub'] ?? OVERRUN.emergencyRub) * KOPECKS },
        { item: 'cash_out_ppm', amount: args['overrun-ppm'] ?? OVERRUN.cashOutPpm },
    ].map((r) => ({ ...r, ...valid })));
    table('setting', ['key', 'value'], Object.entries({ before_visit_ppm: 0, horizon_days: 14,
        longest_interval_days: 14, service_level_ppm: 0, n_paths: 200, merge_equal_sites: 0,
        pair_a_min: 3.075, pair_b: 0.757, estimate_factor: args['estimate-factor'] ?? 1,
    }).map(([key, value]) => ({ key, value })));
}

function writeCalendar(dir, calendars) {
    const days = readCsv(path.join(calendars, 'russia_holidays.csv')).map((r) => r.date).sort();
    writeCsv(path.join(dir, 'calendar.csv'),
        ['code', 'name', 'covered_from', 'covered_to', 'weekend_days'],
        [{ code: 'RU', name: 'Russia', covered_from: days[0].slice(0, 4) + '-01-01',
            covered_to: days.at(-1).slice(0, 4) + '-12-31', weekend_days: '0000011' }]);
}

function main() {
    const args = readArgs(process.argv.slice(2),
        ['data', 'calendars', 'out', 'cars', 'estimate-factor', 'overrun-rub', 'overrun-ppm'], ['daily-fleet']);
    for (const need of ['data', 'calendars', 'out'])
        if (!args[need]) throw new Error(`--${need} is missing`);
    const made = path.join(args.out, 'import');
    fs.mkdirSync(made, { recursive: true });
    const terminals = readCsv(path.join(args.data, 'terminals.csv'))
        .sort((a, b) => (a.tid < b.tid ? -1 : 1));
    const cash = readCsv(path.join(args.data, 'daily_cash_in.csv'));
    const span = writeHistory(made, terminals, cash);
    writeBalances(made, terminals, span.first);
    writeTravel(made, args.data);
    writeRules(made, args);
    writeCalendar(made, args.calendars);
    for (const f of ['terminals.csv', 'daily_cash_in.csv']) link(path.join(args.data, f), made);
    link(path.join(args.calendars, 'russia_holidays.csv'), made);
    const facts = { first_day: isoOf(span.first), days: span.days, terminals: terminals.length };
    fs.writeFileSync(path.join(args.out, 'facts.json'), JSON.stringify(facts, null, 2) + '\n');
    process.stdout.write(JSON.stringify(facts) + '\n');
}

try {
    main();
} catch (e) {
    process.stderr.write(`build.mjs: ${e.message}\n`);
    process.exit(1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.mjs - writes the folders that `cashplan import` reads for the network of one Hong Kong bank.
 *
 *   node build.mjs --data DIR --nn5 FILE --calendars DIR --out DIR [--seed N]
 *
 * OUT/import  what is made by rule (see rules.mjs and README.md), one CSV an entity, and links to the
 *             real places and holidays, which mapping.json reads where they are
 * OUT/truth   history.csv of the held-back days, for the replay
 * OUT/facts.json   dates and counts that run.sh needs */
import fs from 'node:fs';
import path from 'node:path';
import { CsvWriter, Stream, dayOf, isoOf, link, readArgs, readCsv, writeCsv } from '../csv.mjs';
import { demandOf, meanOf, readNn5 } from './demand.mjs';
import { RULES } from './rules.mjs';
import { DRIVE, drive, landOf } from './travel.mjs';

const CENTS = 100;
const DENOMS = [['HKD100', 100], ['HKD500', 500], ['HKD1000', 1000]];
const VALUE = Object.fromEntries(DENOMS);

/* The bank's cash points with what the rules add: machines, deposit, land. */
function readPoints(dataDir, rules) {
    const bea = readCsv(path.join(dataDir, 'bea_atm_machines.csv'));
    const counts = bea.map((r) => +r.machines);
    const depositShare = bea.filter((r) => r.cash_deposit === '1').length / bea.length;
    return readCsv(path.join(dataDir, 'cash_points.csv'))
        .filter((r) => r.bank === rules.bank)
        .map((r) => {
            const stream = new Stream(rules.seed, 'point/' + r.point_id);
            const kind = r.kind === 'atm_site' ? 'atm' : 'branch';
            return {
                code: r.point_id, kind, priority: r.kind === 'priority_branch',
                lat: +r.lat, lon: +r.lon, land: landOf(r.district_zh, r.address_zh),
                machines: kind === 'atm' ? counts[stream.below(counts.length)] : 0,
                deposit: kind === 'atm' ? stream.unit() < depositShare : true,
            };
        })
        .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/* The vault stands at the position of the cash point that minimises mean demand x driving minutes to
 * all points (1-median over the network's positions; ferry islands cannot base cars). */
function placeVault(points) {
    let best = null;
    for (const at of points) {
        if (!['island', 'mainland', 'lantau'].includes(at.land)) continue;
        let sum = 0;
        for (const p of points) sum += p.mean * drive(at, p).min;
        if (!best || sum < best.sum) best = { sum, at };
    }
    return { code: 'VAULT', lat: best.at.lat, lon: best.at.lon, land: best.at.land, near: best.at.code };
}

/* Further places of vaults: `n` cash points, one after the other where mean demand x driving minutes
 * to the nearest place falls most. */
function furtherPlaces(points, first, n) {
    const bases = points.filter((p) => ['island', 'mainland', 'lantau'].includes(p.land));
    const nearest = points.map((p) => drive(first, p).min);
    const places = [];
    while (places.length < n) {
        let best = null;
        for (const at of bases) {
            let saved = 0;
            points.forEach((p, i) => { saved += p.mean * Math.max(0, nearest[i] - drive(at, p).min); });
            if (!best || saved > best.saved) best = { saved, at };
        }
        points.forEach((p, i) => { nearest[i] = Math.min(nearest[i], drive(best.at, p).min); });
        places.push({ lat: best.at.lat, lon: best.at.lon, land: best.at.land, near: best.at.code });
    }
    return places;
}

/* Every vault of the bank: --vaults of them run, --candidates might. */
function placeVaults(points, nVaults, nCandidates) {
    const first = placeVault(points);
    const more = furtherPlaces(points, first, nVaults - 1 + nCandidates);
    return [{ ...first, status: 'existing' }, ...more.map((p, i) => ({ ...p,
        code: i < nVaults - 1 ? `VAULT${i + 2}` : `SITE${String(i - nVaults + 2).padStart(2, '0')}`,
        status: i < nVaults - 1 ? 'existing' : 'candidate' }))];
}

const roundUp = (x, step) => step * Math.ceil(x / step);

/* Cassette rows of a point and its opening stock by slot. */
function cassettesOf(point, rules) {
    const stream = new Stream(rules.seed, 'stock/' + point.code);
    const o = rules.opening;
    const loaded = o.daysLoadedFrom + (o.daysLoadedTo - o.daysLoadedFrom) * stream.unit();
    const used = stream.below(o.daysUsedTo + 1);
    const days = Math.max(o.leastDays, loaded - used);
    point.daysSinceVisit = used;
    return point.kind === 'atm' ? atmSlots(point, rules, days, used) : branchSlots(point, rules, days);
}

function atmSlots(point, rules, days, used) {
    const r = rules.atm;
    const slots = [];
    const full = Math.floor((rules.cassettes[0].capacity_notes * rules.cassettes[0].fill_ppm) / 1e6);
    const perDenom = {};
    for (const d of r.dispense) perDenom[d] = (perDenom[d] ?? 0) + point.machines;
    for (let m = 0; m < point.machines; m++)
        for (const d of r.dispense) {
            const notes = (point.meanOut * r.shares[d] * days) / VALUE[d] / perDenom[d];
            slots.push({
                cassette_model_code: 'DISP', denomination_code: d, role: 'dispense', capacity_notes: -1,
                step_notes: r.stepNotes, min_load_notes: r.minLoadNotes, low_notes: 0,
                share_ppm: Math.round((r.shares[d] * 1e6) / perDenom[d]),
                notes: Math.min(full, Math.round(notes)),
            });
        }
    for (let m = 0; point.deposit && m < point.machines; m++)
        slots.push({
            cassette_model_code: 'DEP', denomination_code: r.depositDenomination, role: 'deposit',
            capacity_notes: -1, step_notes: 1, min_load_notes: 0, low_notes: 0,
            share_ppm: Math.floor(1e6 / point.machines),
            notes: Math.min(full, Math.round((point.meanIn * used) / VALUE[r.depositDenomination] /
                point.machines)),
        });
    return fixShares(slots);
}

function branchSlots(point, rules, days) {
    const r = rules.branch;
    const mean = Math.max(point.meanOut, point.meanIn);
    return fixShares(DENOMS.map(([d, value]) => ({
        cassette_model_code: '', denomination_code: d, role: 'recycle',
        capacity_notes: roundUp((mean * r.shares[d] * r.capacityDays) / value, 1000),
        step_notes: 100, min_load_notes: 0, low_notes: 0, share_ppm: Math.round(r.shares[d] * 1e6),
        notes: Math.round((point.meanOut * r.shares[d] * days) / value),
    })));
}

/* Shares of one flow sum to a million: what rounding leaves goes to the first slot. */
function fixShares(slots) {
    for (const role of ['dispense', 'deposit', 'recycle']) {
        const of = slots.filter((s) => s.role === role);
        if (of.length) of[0].share_ppm += 1e6 - of.reduce((s, x) => s + x.share_ppm, 0);
    }
    return slots;
}

function writePoints(dir, points, rules) {
    const evening = isoOf(rules.planDay - 1);
    const extra = new CsvWriter(path.join(dir, 'point.csv'), ['code', 'name', 'site_code', 'segment',
        'calendar_code', 'demand_calendar_code', 'kind', 'on_site', 'serviced_by', 'dispense_rule',
        'insured_minor', 'visit_kinds', 'service_days', 'works_holidays', 'service_level_ppm',
        'max_interval_days', 'days_since_visit', 'service_min_swap', 'service_min_add']);
    const cassette = new CsvWriter(path.join(dir, 'cassette.csv'), ['point_code', 'slot',
        'cassette_model_code', 'denomination_code', 'role', 'capacity_notes', 'step_notes',
        'min_load_notes', 'low_notes', 'share_ppm']);
    const balance = new CsvWriter(path.join(dir, 'balance.csv'), ['point_code', 'day', 'slot', 'notes']);
    for (const p of points) {
        const slots = cassettesOf(p, rules);
        const atm = p.kind === 'atm';
        const r = atm ? rules.atm : rules.branch;
        const minutes = atm ? r.swapMinutes * p.machines : r.addMinutes;
        extra.row({
            code: p.code, name: p.code, site_code: p.code,
            segment: atm ? 'offsite' : p.priority ? 'priority' : 'branch',
            calendar_code: 'HK', demand_calendar_code: 'NN5', kind: p.kind, on_site: 0,
            serviced_by: 'center',
            dispense_rule: 'rotate', // the machines of a cash point are drawn on side by side
            insured_minor: atm ? 0 : CENTS * roundUp(Math.max(p.meanOut, p.meanIn) * r.insuredDays, 1e5),
            visit_kinds: atm ? 'swap' : 'add', service_days: rules.serviceDays, works_holidays: 0,
            service_level_ppm: r.serviceLevelPpm, max_interval_days: rules.maxIntervalDays,
            days_since_visit: p.daysSinceVisit,
            service_min_swap: minutes, service_min_add: minutes,
        });
        slots.forEach((s, i) => {
            cassette.row({ point_code: p.code, slot: i + 1, ...s });
            balance.row({ point_code: p.code, day: evening, slot: i + 1, notes: s.notes });
        });
        p.slots = slots;
    }
    extra.close();
    cassette.close();
    balance.close();
}

function writeHistory(made, truth, points, nn5, planDay) {
    const columns = ['point_code', 'day', 'flow', 'amount_minor', 'faults'];
    const past = new CsvWriter(path.join(made, 'history.csv'), columns);
    const after = new CsvWriter(path.join(truth, 'history.csv'), columns);
    for (const p of points)
        for (const flow of ['withdrawal', 'deposit']) {
            const hkd = flow === 'withdrawal' ? p.flows.out : p.flows.in;
            for (let i = 0; hkd && i < nn5.n; i++) {
                if (Number.isNaN(hkd[i])) continue;
                const day = nn5.firstDay + i;
                (day < planDay ? past : after).row({
                    point_code: p.code, day: isoOf(day), flow, amount_minor: CENTS * hkd[i],
                    /* A day on which nothing at all was drawn: closed or broken. */
                    faults: flow === 'withdrawal' && hkd[i] === 0 ? 'out_of_service' : '',
                });
            }
        }
    past.close();
    after.close();
    return { past: past.rows, after: after.rows };
}

function writeTravel(dir, points, vaults) {
    const w = new CsvWriter(path.join(dir, 'travel_pair.csv'),
        ['from_code', 'to_code', 'seconds', 'metres', 'estimated']);
    const places = [...vaults, ...points];
    for (const a of places)
        for (const b of places) {
            if (a === b) continue;
            const way = drive(a, b);
            w.row({ from_code: a.code, to_code: b.code, seconds: Math.round(60 * way.min),
                metres: Math.round(way.m), estimated: 1 });
        }
    w.close();
}

/* The demand's calendar: England's holidays moved like the demand. Two a day are allowed. */
function writeCalendars(dir, calendarsDir, rules) {
    const hk = readCsv(path.join(calendarsDir, 'hongkong_holidays.csv')).map((r) => r.date).sort();
    const england = readCsv(path.join(calendarsDir, 'england_holidays.csv'));
    const days = england.map((r) => dayOf(r.date)).sort((a, b) => a - b);
    const yearFrom = (iso) => iso.slice(0, 4) + '-01-01';
    const yearTo = (iso) => iso.slice(0, 4) + '-12-31';
    writeCsv(path.join(dir, 'calendar.csv'),
        ['code', 'name', 'covered_from', 'covered_to', 'weekend_days'], [
            { code: 'HK', name: 'Hong Kong', covered_from: yearFrom(hk[0]),
                covered_to: yearTo(hk.at(-1)), weekend_days: rules.weekendDays },
            { code: 'NN5', name: 'England, moved by 28 years', weekend_days: '0000011',
                covered_from: yearFrom(isoOf(days[0] + rules.calendarShiftDays)),
                covered_to: yearTo(isoOf(days.at(-1) + rules.calendarShiftDays)) },
        ]);
    writeCsv(path.join(dir, 'calendar_day.csv'), ['calendar_code', 'day', 'kind', 'name'],
        england.map((r) => ({ calendar_code: 'NN5', kind: 'off', name: r.name,
            day: isoOf(dayOf(r.date) + rules.calendarShiftDays) })));
}

/* Vault, stock, pool, cars, tariffs. */
function writeCenter(dir, points, vaults, rules) {
    const v = rules.vault;
    const running = vaults.filter((x) => x.status === 'existing');
    const table = (name, columns, rows) => writeCsv(path.join(dir, name + '.csv'), columns, rows);
    table('currency', ['code', 'exponent'], [{ code: 'HKD', exponent: 2 }]);
    table('denomination', ['code', 'currency_code', 'value_minor', 'strap_notes', 'bundle_notes'],
        DENOMS.map(([code, value]) => ({ code, currency_code: 'HKD', value_minor: CENTS * value,
            strap_notes: 100, bundle_notes: 1000 })));
    table('cassette_model', ['code', 'capacity_notes', 'fill_ppm', 'volume_cm3'], rules.cassettes);
    table('central_bank', ['code', 'name', 'lat_deg', 'lon_deg', 'order_unit_notes', 'lead_days',
        'cutoff_min', 'service_days', 'calendar_code'], [{ code: 'ISSUE', name: 'Note issue',
        lat_deg: 22.2793, lon_deg: 114.1616, order_unit_notes: 1000, lead_days: 1,
        cutoff_min: '14:00', service_days: '1111100', calendar_code: 'HK' }]);
    table('vault', ['code', 'name', 'lat_deg', 'lon_deg', 'status', 'central_bank_code',
        'calendar_code', 'insured_minor', 'open_min', 'close_min', 'dock_slots',
        'crew_min_per_day', 'pack_cassettes_per_day', 'pack_overtime_cassettes',
        'sort_notes_per_day', 'sort_overtime_notes', 'sort_lead_days', 'fixed_minor_per_day'],
    vaults.map((vault, i) => ({
        code: vault.code, name: i === 0 ? 'Cash center' : `Cash center near ${vault.near}`,
        lat_deg: vault.lat, lon_deg: vault.lon,
        status: vault.status, central_bank_code: 'ISSUE', calendar_code: 'HK',
        insured_minor: CENTS * v.insuredHkd, open_min: v.open, close_min: v.close,
        dock_slots: v.dockSlots, crew_min_per_day: 0,
        pack_cassettes_per_day: v.packPerDay, pack_overtime_cassettes: v.packOvertime,
        sort_notes_per_day: v.sortPerDay, sort_overtime_notes: v.sortOvertime,
        sort_lead_days: v.sortLeadDays,
        fixed_minor_per_day: CENTS * Math.round(v.fixedHkdPerDay * v.rent[vault.land]) })));
    const perDay = Object.fromEntries(DENOMS.map(([d]) => [d, 0]));
    let cassettes = 0;
    for (const p of points) {
        const shares = (p.kind === 'atm' ? rules.atm : rules.branch).shares;
        for (const [d, value] of DENOMS) perDay[d] += (p.meanOut * shares[d]) / value;
        cassettes += p.slots.filter((s) => s.role === 'dispense').length;
    }
    table('vault_stock', ['vault_code', 'denomination_code', 'state', 'day', 'notes'],
        running.flatMap((vault) => DENOMS.map(([d]) => ({ vault_code: vault.code,
            denomination_code: d, state: 'atm_fit', day: isoOf(rules.planDay - 1),
            notes: roundUp((perDay[d] * v.stockDays) / running.length, 1000) }))));
    /* Spare sets for `poolDays` days of the mean swaps, a machine being swapped every 5 days. */
    table('cassette_pool', ['vault_code', 'cassette_model_code', 'spare'],
        running.map((vault) => ({ vault_code: vault.code, cassette_model_code: 'DISP',
            spare: roundUp((cassettes / 5 / running.length) * v.poolDays, 10) })));
    writeCars(table, running, rules);
    writeTariffs(table, rules);
    table('setting', ['key', 'value'], [
        { key: 'horizon_days', value: 14 }, { key: 'merge_equal_sites', value: 1 },
        { key: 'circle_factor', value: DRIVE.factor }, { key: 'pair_a_min', value: DRIVE.aMin },
        { key: 'pair_b', value: DRIVE.b }]);
}

/* The cars stand at the vaults that run, as evenly as they go. */
function writeCars(table, running, rules) {
    const c = rules.cars;
    const base = (i) => running[(+i - 1) % running.length].code;
    const names = Array.from({ length: c.n }, (_, i) => String(i + 1).padStart(2, '0'));
    table('carrier', ['code', 'name', 'kind'], [{ code: 'OWN', name: 'Own fleet', kind: 'own' }]);
    table('crew', ['code', 'vault_code', 'roles'], names.map((i) => ({ code: 'CREW' + i,
        vault_code: base(i), roles: 'driver;custodian;custodian' })));
    table('car', ['code', 'carrier_code', 'vault_code', 'crew_code', 'insured_minor', 'volume_cm3',
        'shift_start_min', 'shift_end_min', 'overtime_min', 'max_trips', 'reload_min', 'open_route',
        'paid_daily'], names.map((i) => ({ code: 'CAR' + i, carrier_code: 'OWN',
        vault_code: base(i), crew_code: 'CREW' + i, insured_minor: CENTS * c.insuredHkd,
        volume_cm3: c.volumeCm3, shift_start_min: c.shift[0], shift_end_min: c.shift[1],
        overtime_min: c.overtimeMin, max_trips: c.maxTrips, reload_min: c.reloadMin, open_route: 0,
        paid_daily: 0 })));
}

function writeTariffs(table, rules) {
    const t = rules.tariffs;
    const minor = ['stop_site', 'stop_machine', 'car_day', 'km', 'overtime_hour', 'pack_cassette',
        'pack_overtime', 'sort_1000', 'sort_overtime_1000', 'emergency', 'order_access',
        'order_bundle'];
    const rows = Object.entries(t).map(([item, amount]) => (minor.includes(item)
        ? { item: item + '_minor', amount: Math.round(CENTS * amount) } : { item, amount }));
    table('tariff', ['item', 'valid_from', 'valid_to', 'amount'],
        rows.map((r) => ({ ...r, valid_from: '2024-01-01', valid_to: '2099-12-31' })));
}

function main() {
    const args = readArgs(process.argv.slice(2), ['data', 'nn5', 'calendars', 'out', 'seed', 'vaults',
        'candidates']);
    for (const need of ['data', 'nn5', 'calendars', 'out'])
        if (!args[need]) throw new Error(`--${need} is missing`);
    const rules = { ...RULES, ...(args.seed ? { seed: +args.seed } : {}) };
    const made = path.join(args.out, 'import');
    const truth = path.join(args.out, 'truth');
    for (const dir of [made, truth]) fs.mkdirSync(dir, { recursive: true });

    const nn5 = readNn5(args.nn5, rules);
    rules.planDay = nn5.firstDay + nn5.n - rules.heldBackDays;
    const points = readPoints(args.data, rules);
    for (const p of points) {
        p.flows = demandOf(nn5, rules, p);
        const known = nn5.n - rules.heldBackDays;
        p.meanOut = meanOf(p.flows.out, known);
        p.meanIn = p.flows.in ? meanOf(p.flows.in, known) : 0;
        p.mean = p.meanOut + p.meanIn;
    }
    const vaults = placeVaults(points, +(args.vaults ?? 1), +(args.candidates ?? 0));
    writePoints(made, points, rules);
    const rows = writeHistory(made, truth, points, nn5, rules.planDay);
    writeTravel(made, points, vaults);
    writeCalendars(made, args.calendars, rules);
    writeCenter(made, points, vaults, rules);
    link(path.join(args.data, 'cash_points.csv'), made);
    link(path.join(args.calendars, 'hongkong_holidays.csv'), made);
    const facts = {
        plan_day: isoOf(rules.planDay), truth_to: isoOf(nn5.firstDay + nn5.n - 1),
        history_from: isoOf(nn5.firstDay),
        points: points.length, atm_points: points.filter((p) => p.kind === 'atm').length,
        machines: points.reduce((s, p) => s + p.machines, 0),
        positions: new Set(points.map((p) => `${p.lat},${p.lon}`)).size,
        vault_at: vaults.map((v) => `${v.code} ${v.near}`).join(', '), history_rows: rows.past, truth_rows: rows.after,
        mean_out_hkd_per_day: Math.round(points.reduce((s, p) => s + p.meanOut, 0)),
        mean_in_hkd_per_day: Math.round(points.reduce((s, p) => s + p.meanIn, 0)),
        ferry_points: points.filter((p) => !['island', 'mainland', 'lantau'].includes(p.land)).length,
    };
    fs.writeFileSync(path.join(args.out, 'facts.json'), JSON.stringify(facts, null, 2) + '\n');
    process.stdout.write(JSON.stringify(facts, null, 2) + '\n');
}

try {
    main();
} catch (e) {
    process.stderr.write(`build.mjs: ${e.message}\n`);
    process.exit(1);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// An invented plan of any size as page data ("cashplan.page/1"), for the tests of the page alone.
// Equal arguments give equal data.

function random(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let x = Math.imul(s ^ (s >>> 15), 1 | s);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const DISTRICTS = ["Harbour", "Old Town", "North Gate", "River Side", "Station", "Hill Park", "Lakes", "West End"];
const KINDS = ["stops", "crew_min", "value_out", "pack", "sort", "pool"];

function columns(names) {
  return Object.fromEntries(names.map((name) => [name, []]));
}
function push(table, row) {
  for (const name of Object.keys(table)) {
    if (!(name in row)) throw new Error(`mock: no ${name}`);
    table[name].push(row[name]);
  }
}

function network(rnd, n) {
  const sites = columns(["code", "name", "district", "address", "lat", "lon", "vault"]);
  const points = columns(["code", "name", "site", "kind", "first_channel"]);
  const channels = columns(["denom", "role", "capacity_notes", "low_notes", "balance_notes", "cassettes"]);
  const hubs = DISTRICTS.map((_, k) => ({
    lat: 31.2 + 0.09 * Math.sin(k * 0.8) + (rnd() - 0.5) * 0.05,
    lon: 121.45 + 0.14 * Math.cos(k * 0.8) + (rnd() - 0.5) * 0.05,
  }));
  while (points.code.length < n) {
    const s = sites.code.length;
    const d = Math.floor(rnd() * rnd() * DISTRICTS.length);
    const bell = () => (rnd() + rnd() + rnd() - 1.5) * 0.06;
    const branch = rnd() < 0.33;
    push(sites, {
      code: `S${String(s + 1).padStart(4, "0")}`,
      name: `${DISTRICTS[d]} ${branch ? "branch" : "lobby"} ${s + 1}`,
      district: DISTRICTS[d],
      address: `${1 + Math.floor(rnd() * 300)} ${DISTRICTS[d]} Road`,
      lat: +(hubs[d].lat + bell()).toFixed(5),
      lon: +(hubs[d].lon + bell() * 1.2).toFixed(5),
      vault: 0,
    });
    const count = branch ? 1 + Math.floor(rnd() * 3) : 1 + Math.floor(rnd() * 2);
    for (let k = 0; k < count && points.code.length < n; k++) {
      const isBranch = branch && k === 0;
      push(points, {
        code: isBranch ? `B-${s + 1}` : `A-${String(points.code.length + 1).padStart(4, "0")}`,
        name: isBranch ? `分行 ${DISTRICTS[d]}` : `${DISTRICTS[d]} ${k + 1}`,
        site: s,
        kind: isBranch ? 1 : 0,
        first_channel: channels.denom.length,
      });
      const roles = isBranch ? [2, 2] : rnd() < 0.4 ? [2, 2] : [0, 0, 1];
      roles.forEach((role, j) =>
        push(channels, {
          denom: j === 1 ? 1 : 0,
          role,
          capacity_notes: isBranch ? 20000 : role === 0 && j === 0 ? 5000 : 2500,
          low_notes: 200,
          balance_notes: 800 + Math.floor(rnd() * 1500),
          cassettes: isBranch ? 0 : role === 0 && j === 0 ? 2 : 1,
        }),
      );
    }
  }
  return { sites, points, channels };
}

function visitsAndSeries(rnd, net, nDays, denoms) {
  const visits = columns(["day", "point", "kind", "until", "stop", "first_load", "load_minor", "return_minor", "return_q_minor", "cassettes", "fixed", "relief", "pin", "by_branch"]);
  const loads = columns(["channel", "level_notes", "load_notes", "return_notes", "return_q_notes", "swapped"]);
  const series = columns(["demand_mean", "demand_q10", "demand_q90", "deposit_mean", "stock_mean", "stock_low"]);
  const nPoints = net.points.code.length;
  const byDay = Array.from({ length: nDays }, () => []);
  for (let p = 0; p < nPoints; p++) {
    const every = 3 + Math.floor(rnd() * 6);
    const first = Math.floor(rnd() * every);
    const level = (40 + 120 * rnd()) * 1e5;
    let stock = level * (first + 1.5);
    for (let t = 0; t < nDays; t++) {
      const week = [0.9, 0.85, 0.9, 1, 1.45, 1.25, 0.8][(t + 1) % 7];
      const need = Math.round(level * week);
      if (t >= first && (t - first) % every === 0) {
        byDay[t].push({ point: p, until: t + every, amount: Math.round(level * (every + 1.6)) });
        stock = level * (every + 1.6);
      }
      stock = Math.max(0, stock - need);
      push(series, {
        demand_mean: need,
        demand_q10: Math.round(need * 0.68),
        demand_q90: Math.round(need * 1.38),
        deposit_mean: net.points.kind[p] ? Math.round(need * 0.7) : 0,
        stock_mean: Math.round(stock),
        stock_low: Math.round(Math.max(0, stock - level * 1.1)),
      });
    }
  }
  byDay.forEach((list, t) =>
    list.sort((a, b) => a.point - b.point).forEach((v) => {
      const kind = net.points.kind[v.point] ? 1 : rnd() < 0.9 ? 0 : 2;
      const c0 = net.points.first_channel[v.point];
      const c1 = v.point + 1 < nPoints ? net.points.first_channel[v.point + 1] : net.channels.denom.length;
      const firstLoad = loads.channel.length;
      let out = 0, back = 0, cassettes = 0;
      for (let c = c0; c < c1; c++) {
        const value = denoms.value_minor[net.channels.denom[c]];
        const carries = kind !== 2 && net.channels.role[c] !== 1;
        const load = carries ? Math.min(net.channels.capacity_notes[c], Math.max(100, Math.round((v.amount * 0.4) / value / 100) * 100)) : 0;
        const ret = kind === 1 ? 0 : Math.round(load * 0.2 + (net.channels.role[c] === 1 ? 900 : 0));
        push(loads, { channel: c, level_notes: load, load_notes: load, return_notes: ret, return_q_notes: Math.round(ret * 1.4), swapped: kind === 0 ? 1 : 0 });
        out += load * value;
        back += ret * value;
        if (kind === 0) cassettes += net.channels.cassettes[c];
      }
      push(visits, {
        day: t, point: v.point, kind, until: v.until, stop: -1, first_load: firstLoad,
        load_minor: out, return_minor: back, return_q_minor: Math.round(back * 1.4), cassettes,
        fixed: kind === 1 && t === 0 ? 1 : 0, relief: 0, pin: visits.day.length === 3 ? 0 : -1, by_branch: 0,
      });
    }),
  );
  return { visits, loads, series };
}

function routesOf(rnd, net, visits, nDays, nCars, vault) {
  const routes = columns(["day", "vault", "car", "first_stop", "trips", "depart_min", "return_min", "drive_s", "wait_min", "service_min", "overtime_min", "dist_m", "most_minor", "legs", "estimated_legs", "open"]);
  const stops = columns(["site", "trip", "arrive_min", "start_min", "leave_min", "on_board_minor"]);
  for (let t = 0; t < nDays; t++) {
    const bySite = new Map();
    visits.day.forEach((day, v) => {
      if (day !== t) return;
      const s = net.points.site[visits.point[v]];
      if (!bySite.has(s)) bySite.set(s, []);
      bySite.get(s).push(v);
    });
    const angle = (s) => Math.atan2(net.sites.lat[s] - vault.lat, net.sites.lon[s] - vault.lon);
    const order = [...bySite.keys()].sort((a, b) => angle(a) - angle(b) || a - b);
    const per = Math.max(1, Math.ceil(order.length / nCars));
    for (let car = 0; car * per < order.length; car++) {
      const part = order.slice(car * per, (car + 1) * per);
      const firstStop = stops.site.length;
      const depart = 480 + 5 * (car % 4);
      let board = part.flatMap((s) => bySite.get(s)).reduce((sum, v) => sum + visits.load_minor[v], 0);
      const most = board;
      let now = depart, drive = 0, wait = 0, service = 0, dist = 0;
      let at = vault;
      for (const s of part) {
        const to = { lat: net.sites.lat[s], lon: net.sites.lon[s] };
        const metres = Math.hypot((to.lat - at.lat) * 111e3, (to.lon - at.lon) * 95e3) * 1.4;
        const minutes = Math.max(1, Math.round(metres / 420));
        const arrive = now + minutes;
        const start = rnd() < 0.15 ? arrive + Math.floor(rnd() * 14) : arrive;
        const leave = start + 6 + 5 * bySite.get(s).length;
        for (const v of bySite.get(s)) {
          visits.stop[v] = stops.site.length;
          board += visits.return_q_minor[v] - visits.load_minor[v];
        }
        push(stops, { site: s, trip: 0, arrive_min: arrive, start_min: start, leave_min: leave, on_board_minor: board });
        drive += minutes * 60; wait += start - arrive; service += leave - start; dist += metres;
        now = leave; at = to;
      }
      const home = 12;
      push(routes, {
        day: t, vault: 0, car, first_stop: firstStop, trips: 1, depart_min: depart, return_min: now + home,
        drive_s: drive + home * 60, wait_min: wait, service_min: service, overtime_min: Math.max(0, now + home - 1020),
        dist_m: Math.round(dist + 5000), most_minor: most, legs: part.length + 1,
        estimated_legs: car % 3 === 0 ? 1 : 0, open: 0,
      });
    }
  }
  return { routes, stops };
}

function roadsAround(rnd, net) {
  const roads = { lat: [], lon: [], from: [], to: [], left_out: 0 };
  let la = 0, lo = 0, fr = 0, ta = 0, n = 0;
  const node = (lat, lon) => {
    const a = Math.round(lat * 1e5), b = Math.round(lon * 1e5);
    roads.lat.push(a - la); roads.lon.push(b - lo);
    la = a; lo = b;
    return n++;
  };
  const link = (a, b) => { roads.from.push(a - fr); roads.to.push(b - ta); fr = a; ta = b; };
  const lats = net.sites.lat, lons = net.sites.lon;
  const south = Math.min(...lats), north = Math.max(...lats), west = Math.min(...lons), east = Math.max(...lons);
  for (let k = 0; k <= 26; k++) {
    for (const along of [0, 1]) {
      let before = -1;
      for (let j = 0; j <= 30; j++) {
        const u = k / 26 + (rnd() - 0.5) * 0.012, v = j / 30;
        const id = along ? node(south + v * (north - south), west + u * (east - west)) : node(south + u * (north - south), west + v * (east - west));
        if (before >= 0 && rnd() < 0.9) link(before, id);
        before = id;
      }
    }
  }
  return roads;
}

function costs() {
  const items = ["hold", "cash_out", "emergency", "stop_site", "stop_machine", "stop_value", "pack", "sort", "overtime_pack_sort", "outsourced_sort", "relief", "car_day", "km", "hour", "overtime_hour", "orders", "cross_ship", "vault_hold"];
  const base = [3820000, 410000, 260000, 4600000, 1520000, 640000, 610000, 350000, 42000, 0, 0, 3900000, 980000, 1010000, 18000, 84010, 0, 0];
  const factor = { cashplan: 1, naive: 1.326, sS: 1.121, foresight: 0.871 };
  const extra = { cashplan: 1, naive: 1.9, sS: 1.2, foresight: 0 };
  const policies = Object.keys(factor).map((policy) => {
    const item_minor = base.map((x, k) => Math.round(x * (k === 1 || k === 2 ? extra[policy] : factor[policy])));
    return { policy, item_minor, total_minor: item_minor.reduce((a, b) => a + b, 0), n_visits: Math.round(512 * factor[policy]), service_pct: { cashplan: 99.31, naive: 97.42, sS: 98.9, foresight: 100 }[policy] };
  });
  return { items, policies };
}

/** One pin that visit 3 keeps, one that forbids a visit on the first day, one outside of the plan. */
function pinsOf(visits, net) {
  const today = new Set(visits.point.filter((_, v) => visits.day[v] === 0));
  const free = net.points.code.findIndex((_, p) => !today.has(p));
  const kept = visits.point.length > 3 ? [visits.point[3], visits.day[3]] : [0, 0];
  return {
    code: ["P-1", "P-2", "P-3"], point: [kept[0], Math.max(0, free), 0], forbid: [0, 1, 0], day: [kept[1], 0, -9],
    kind: [0, -1, 1], amount_minor: [20000000, -1, -1], car: [0, -1, -1], author: ["Li Wei", "Anna", ""],
    reason: ["branch party </script><b>&", "street closed", ""],
  };
}

/** One change of each kind on the first day, and one more on every other day. */
function changesOf(visits, nDays) {
  const c = { ...columns(["kind", "point", "day", "day_before", "visit", "visit_before", "load_minor", "load_before_minor", "car", "car_before"]) };
  ["new", "gone", "moved", "kind", "amount", "car"].forEach((kind, k) => {
    push(c, {
      kind, point: k, day: kind === "gone" ? -1 : 0, day_before: kind === "new" ? -1 : kind === "moved" ? 1 : 0, visit: 0, visit_before: kind === "kind" ? 1 : 0,
      load_minor: 5000000, load_before_minor: kind === "amount" ? 4000000 : 5000000, car: 0, car_before: kind === "car" ? -1 : 0,
    });
  });
  for (let t = 1; t < nDays; t++) push(c, { kind: "new", point: t % 6, day: t, day_before: -1, visit: 1, visit_before: 0, load_minor: 100, load_before_minor: 0, car: -1, car_before: -1 });
  return { plan_id: 2, first_day: 0, n_days: nDays, same: visits.day.length, cost_minor: -123456, ...c };
}

/** options: points, days, cars, seed, roads */
const way = (name, cost, more = {}) => ({ way: name, cost_minor: cost, left: 0, misses: false, day: -1, kind: -1, rules: [], code: "", over: 0, who: [], to: [], ...more });

/** A limit, two visits and a level that a plan could not keep. */
/** Twelve weeks with a gap, an outlier and a new level at the first machine. */
function historyOf(rnd, nPoints) {
  const n_days = 84;
  const withdrawal = Array.from({ length: nPoints * n_days }, (_, k) => (k % n_days === 20 ? -1 : Math.round(5e6 + 3e6 * rnd())));
  const rows = [[0, 20, "missing", 0, 0], [0, 33, "outlier", 0, 0], [0, 50, "level_shift", 1e6, 1500000], [1, 20, "missing", 0, 0], [0, -40, "cash_out", 1e6, 0]];
  return {
    first_day: "2026-09-01", n_days, withdrawal, deposit: [],
    repairs: {
      point: rows.map((r) => r[0]), flow: rows.map(() => 0), day: rows.map((r) => r[1]), reason: rows.map((r) => r[2]),
      repaired_minor: rows.map(() => 6e6), weight_ppm: rows.map((r) => r[3]), level_ppm: rows.map((r) => r[4]),
    },
  };
}

function conflicts() {
  const none = { vault: 0, day: 1, item: "", point: -1, cap: 0, use: 0, over: 0, reason: "", user: [], user_use: [], again: [], same_time: [], ways: [] };
  return [
    { ...none, kind: "stops", cap: 3, use: 5, over: 2, user: ["A-001", "<b>S-2</b>"], user_use: [1, 1], ways: [way("move", 3120, { who: ["A-001"], to: [2], left: 1 }), way("pay", 48000), way("unit", 610), way("move", 99000, { who: ["A-001", "A-002"], to: [-1, 3] }), way("move", 120000, { who: ["A-002"], to: [4], misses: true })] },
    { ...none, kind: "unserved", point: 5, reason: "the trip there and back alone is longer than the shift of any car of the vault", ways: [way("car", 66093, { day: 1, code: "C-1", rules: ["shift"], over: 71 })] },
    { ...none, kind: "unserved", point: 17, reason: "no car has time left", ways: [way("visit", -1250, { day: 2, kind: 0 }), way("car", 90000, { day: 1, code: "C-2" })] },
    { ...none, kind: "service_level", day: -1, point: 3, ways: [way("rule", -58498, { day: 2, kind: 0, rules: ["service_days", "forbid pin"], code: "PIN-7" }), way("pay", 24001)] },
    { ...none, kind: "likeness", day: 2, item: "2026-11-20", cap: 50000, use: 267000, over: 22, again: ["V-1", "S-001", "S-001", "<i>S-2</i>"], same_time: ["S-001"], ways: [way("accept", 0, { left: 22, over: 267000 }), way("drive_otherwise", 4200, { left: 2, over: 69000 })] },
    { ...none, kind: "late_order", item: "CNY100", use: 120000, over: 2, day: 1 },
  ];
}

export function mock({ points: n = 240, days: nDays = 14, cars: nCars = 6, seed = 7, roads = false } = {}) {
  const rnd = random(seed);
  const denoms = { code: ["CNY100", "CNY10"], value_minor: [10000, 1000] };
  const net = network(rnd, n);
  const vault = { lat: 31.215, lon: 121.47 };
  const { visits, loads, series } = visitsAndSeries(rnd, net, nDays, denoms);
  const { routes, stops } = routesOf(rnd, net, visits, nDays, nCars, vault);
  const packing = columns(["day", "vault", "route", "depart_min", "model", "role", "denom", "cassettes", "notes"]);
  const limits = columns(["kind", "vault", "day", "item", "cap", "use", "extra", "outsourced", "relief", "dual_minor"]);
  routes.day.forEach((day, r) => {
    for (let m = 0; m < 3; m++)
      push(packing, { day, vault: 0, route: r, depart_min: routes.depart_min[r], model: m === 2 ? -1 : m, role: 0, denom: m === 1 ? 1 : 0, cassettes: m === 2 ? 0 : 4 + ((r * 7 + m) % 19), notes: 8000 + ((r * 977) % 60) * 500 });
  });
  for (let t = 0; t < nDays; t++)
    KINDS.forEach((kind, k) => {
      const cap = [60, 2400, 3e9, 180, 400000, 150][k];
      const use = Math.round(cap * (0.55 + 0.45 * Math.abs(Math.sin(t * 1.3 + k))));
      const binds = use > cap * 0.985;
      push(limits, { kind, vault: 0, day: t, item: kind === "pool" ? "NCR-26" : "", cap, use: binds ? cap : use, extra: 0, outsourced: 0, relief: 0, dual_minor: binds ? [8240, 61.5, 0.0004, 310, 0.8, 21240][k] : 0 });
    });
  const pool = columns(["vault", "model", "day", "full", "in_machine", "in_transit", "uncounted", "empty", "borrowed"]);
  for (let m = 0; m < 2; m++)
    for (let t = 0; t < nDays; t++) {
      const away = 40 + ((t * 37 + m * 11) % 60);
      push(pool, { vault: 0, model: m, day: t, full: 20, in_machine: 400, in_transit: away, uncounted: 12, empty: Math.max(0, 88 - away), borrowed: Math.max(0, away - 88) });
    }
  const stock = columns(["vault", "denom", "day", "usable_notes", "waiting_notes"]);
  for (let d = 0; d < 2; d++)
    for (let t = 0; t < nDays; t++) push(stock, { vault: 0, denom: d, day: t, usable_notes: 900000 - ((t * 53 + d * 17) % 40) * 9000, waiting_notes: 40000 + t * 500 });
  return {
    schema: "cashplan.page/1",
    meta: {
      bank: "Sample Bank 样例银行", plan_id: 3, policy: "cashplan", status: "proposed", approved_by: "", scenario: "base",
      outcome: "within_gap", stopped_by: "work", first_day: "2026-11-24", n_days: nDays, released_days: 1,
      currency: "CNY", exponent: 2, version: "0.1.0", seconds: 6.2, seed: "7", service_pct: 99.31,
      service_asked_pct: 99, return_quantile_ppm: 990000, travel_source: "circle",
      proof: { has_bound: true, bound_minor: 9621015, plan_minor: 9660620, gap: 0.0041, n_paths: 200, seed: "7" },
    },
    denoms, models: { code: ["NCR-26", "DN-CCR"] },
    vaults: { code: ["V1", "C1", "C2"], name: ["Central vault 中心金库", "Candidate North", "Candidate East"], lat: [vault.lat, 31.33, 31.18], lon: [vault.lon, 121.42, 121.62], status: ["existing", "candidate", "candidate"] },
    sites: net.sites, points: net.points, channels: net.channels,
    cars: {
      code: Array.from({ length: nCars }, (_, k) => `CAR-${String(k + 1).padStart(2, "0")}`),
      vault: Array(nCars).fill(0), carrier: Array(nCars).fill("Own fleet"), roles: Array(nCars).fill("driver;custodian;custodian"),
      insured_minor: Array(nCars).fill(Math.max(3e9, ...routes.most_minor)), shift_start_min: Array(nCars).fill(480), shift_end_min: Array(nCars).fill(1020),
    },
    routes, stops, visits, loads, packing, limits, pool, stock,
    orders: { vault: [0, 0], denom: [0, 1], day: [-1, 3], due: [1, 5], notes: [120000, -30000] },
    conflicts: { studied: true, list: conflicts() },
    route_bounds: { day: [0, 1, 2], vault: [0, 0, 0], stops: [9, 12, 130], routes: [2, 3, 9], routed_minor: [250000, 310000, 990000], bound_minor: [250000, 301000, 0], proven: [1, 0, 0], no_bound: ["", "", "stops"] },
    likeness: { day: [1, 2], vault: [0, 0], with_day: [0, -3], days: [1, 4], stops: [12, 9], again: [6, 0], likeness_ppm: [183000, 0], ways_ppm: [250000, -1], order_ppm: [400000, -1], slots_ppm: [500000, -1], limit_pct: [15, 15], above_pct: [4, 0] },
    history: historyOf(rnd, net.points.code.length),
    unserved: { day: [1, 1], point: [5, 17], reason: ["no car reaches the site inside its window 09:00-10:00", "value on board would exceed the insured 30,000,000.00 CNY of every car"] },
    cost: costs(),
    kpis: { name: ["availability_pct", "residual_pct", "days_of_cover", "cost_per_1000_minor", "value_utilisation_pct"], scope: Array(5).fill("total"), value: [99.31, 24.2, 3.6, 182, 61.2] },
    service: Object.fromEntries([["asked_pct", 99], ["in_sample_pct", 99.6], ["fresh_pct", 99.4], ["error_pct", 0.2], ["excess_step_pct", 0.4], ["step_less_pct", 98.7]].map(([name, v]) => [name, net.points.code.map((_, p) => (p % 7 === 6 ? null : v))])),
    series,
    roads: roads ? roadsAround(rnd, net) : { lat: [], lon: [], from: [], to: [], left_out: 0 },
    pins: pinsOf(visits, net), changes: changesOf(visits, nDays),
    notes: { balances_rolled: 4, values_repaired: 31, legs: 412, estimated_legs: 38, violations: [], n_violations: 0, texts: ["override O-1 by Li Wei: withdrawals of A-001 <b> expected at 2.00 instead of 1.00 (fair)"] },
  };
}

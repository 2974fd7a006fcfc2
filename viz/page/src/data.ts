// SPDX-License-Identifier: GPL-3.0-or-later
// The page's data ("cashplan.page/1") as the program writes it: one array a column, indexes between
// the tables, amounts in whole minor units, days counted from the first planned day, minutes from
// midnight. data/json/schema/page.schema.json is the published description.

export interface Meta {
  bank: string;
  plan_id: number;
  policy: string;
  status: string;
  approved_by: string;
  scenario: string;
  outcome: string;
  stopped_by: string;
  first_day: string;
  n_days: number;
  released_days: number;
  currency: string;
  exponent: number;
  version: string;
  seconds: number;
  seed: string;
  service_pct: number;
  service_asked_pct: number;
  return_quantile_ppm: number;
  travel_source: string;
  proof: {
    has_bound: boolean;
    bound_minor: number;
    plan_minor: number;
    gap: number;
    n_paths: number;
    seed: string;
  };
}

/** pay, move and unit: of a limit; visit, rule and car: of a point. Day -1 = none. */
export interface Way {
  way: string;
  cost_minor: number;
  left: number;
  misses: boolean;
  day: number;
  kind: number;
  rules: string[];
  code: string;
  over: number;
  who: string[];
  to: number[];
}

/**
 * kind: of a limit, service_level, unserved, late_order (use notes, over days late) or likeness (cap and use ppm, item the
 * day that it is like, again pairs of codes).
 */
export interface Conflict {
  kind: string;
  vault: number;
  day: number;
  item: string;
  point: number;
  cap: number;
  use: number;
  over: number;
  reason: string;
  user: string[];
  user_use: number[];
  again: string[];
  same_time: string[];
  ways: Way[];
}

export interface PageData {
  schema: string;
  meta: Meta;
  denoms: { code: string[]; value_minor: number[] };
  models: { code: string[] };
  vaults: { code: string[]; name: string[]; lat: number[]; lon: number[]; status: string[] };
  sites: {
    code: string[];
    name: string[];
    district: string[];
    address: string[];
    lat: number[];
    lon: number[];
    vault: number[];
  };
  /** Sorted by site; kind 0 = machine, 1 = branch. */
  points: { code: string[]; name: string[]; site: number[]; kind: number[]; first_channel: number[] };
  /** role 0 dispense, 1 deposit, 2 recycle. */
  channels: {
    denom: number[];
    role: number[];
    capacity_notes: number[];
    low_notes: number[];
    balance_notes: number[];
    cassettes: number[];
  };
  cars: {
    code: string[];
    vault: number[];
    carrier: string[];
    roles: string[];
    insured_minor: number[];
    shift_start_min: number[];
    shift_end_min: number[];
  };
  routes: {
    day: number[];
    vault: number[];
    car: number[];
    first_stop: number[];
    trips: number[];
    depart_min: number[];
    return_min: number[];
    drive_s: number[];
    wait_min: number[];
    service_min: number[];
    overtime_min: number[];
    dist_m: number[];
    most_minor: number[];
    legs: number[];
    estimated_legs: number[];
    open: number[];
  };
  stops: {
    site: number[];
    trip: number[];
    arrive_min: number[];
    start_min: number[];
    leave_min: number[];
    on_board_minor: number[];
  };
  /** kind 0 swap, 1 add, 2 pick-up, 3 partial swap; by_branch 1 = the branch's own staff comes; stop -1 = in no route; first_load into loads. */
  visits: {
    day: number[];
    point: number[];
    kind: number[];
    until: number[];
    stop: number[];
    first_load: number[];
    load_minor: number[];
    return_minor: number[];
    return_q_minor: number[];
    cassettes: number[];
    fixed: number[];
    relief: number[];
    pin: number[];
    by_branch: number[];
  };
  loads: {
    channel: number[];
    level_notes: number[];
    load_notes: number[];
    return_notes: number[];
    return_q_notes: number[];
    swapped: number[];
  };
  packing: {
    day: number[];
    vault: number[];
    route: number[];
    depart_min: number[];
    model: number[];
    role: number[];
    denom: number[];
    cassettes: number[];
    notes: number[];
  };
  limits: {
    kind: string[];
    vault: number[];
    day: number[];
    item: string[];
    cap: number[];
    use: number[];
    extra: number[];
    outsourced: number[];
    relief: number[];
    dual_minor: number[];
  };
  pool: {
    vault: number[];
    model: number[];
    day: number[];
    full: number[];
    in_machine: number[];
    in_transit: number[];
    uncounted: number[];
    empty: number[];
    borrowed: number[];
  };
  stock: {
    vault: number[];
    denom: number[];
    day: number[];
    usable_notes: number[];
    waiting_notes: number[];
  };
  orders: {
    vault: number[];
    denom: number[];
    day: number[];
    due: number[];
    notes: number[];
  };
  /** Routes against those of earlier days; with_day < 0: before the plan; parts -1: nothing to compare. */
  likeness: {
    day: number[];
    vault: number[];
    with_day: number[];
    days: number[];
    stops: number[];
    again: number[];
    likeness_ppm: number[];
    ways_ppm: number[];
    order_ppm: number[];
    slots_ppm: number[];
    limit_pct: number[];
    above_pct: number[];
  };
  /** What routes for the same stops cost at least; where no_bound is not empty it says why there is no bound. */
  route_bounds: {
    day: number[];
    vault: number[];
    stops: number[];
    routes: number[];
    routed_minor: number[];
    bound_minor: number[];
    proven: number[];
    no_bound: string[];
  };
  unserved: { day: number[]; point: number[]; reason: string[] };
  cost: {
    items: string[];
    policies: {
      policy: string;
      item_minor: number[];
      total_minor: number;
      n_visits: number;
      service_pct: number;
    }[];
  };
  kpis: { name: string[]; scope: string[]; value: number[] };
  /** Service until the next visit by point, percent; null where there is none. Empty when not measured. */
  service: {
    asked_pct: (number | null)[];
    in_sample_pct: (number | null)[];
    fresh_pct: (number | null)[];
    error_pct: (number | null)[];
    excess_step_pct: (number | null)[];
    step_less_pct: (number | null)[];
  };
  /** Point-major, n_days values a point; demand is withdrawals. Empty when nothing is stored. */
  series: {
    demand_mean: number[];
    demand_q10: number[];
    demand_q90: number[];
    deposit_mean: number[];
    stock_mean: number[];
    stock_low: number[];
  };
  /** Background lines: 1e-5 degrees, each point as the difference to the one before; links as pairs
   * of node indexes, differences likewise. */
  roads: { lat: number[]; lon: number[]; from: number[]; to: number[]; left_out: number };
  /** Every pin of the bank, kept in a visit or not; day may lie outside of the plan, kind -1 = any,
   * amount -1 = free, car -1 = any. */
  pins: {
    code: string[];
    point: number[];
    forbid: number[];
    day: number[];
    kind: number[];
    amount_minor: number[];
    car: number[];
    author: string[];
    reason: string[];
  };
  /** Against the plan before; plan_id 0 = there is none. Days -1 = no visit there. */
  changes: {
    plan_id: number;
    first_day: number;
    n_days: number;
    same: number;
    cost_minor: number;
    kind: string[];
    point: number[];
    day: number[];
    day_before: number[];
    visit: number[];
    visit_before: number[];
    load_minor: number[];
    load_before_minor: number[];
    car: number[];
    car_before: number[];
  };
  /** What the plan could not keep, with the ways out, the cheapest first; studied false: nobody has
   * looked for them, because the data have changed since. */
  conflicts: { studied: boolean; list: Conflict[] };
  /** The last weeks as recorded by point and day (-1: no record), and what of all days is not taken
   * so: days from first_day, below 0 before it; level_ppm above 0: the new usual day over the old. */
  history: {
    first_day: string;
    n_days: number;
    withdrawal: number[];
    deposit: number[];
    repairs: {
      point: number[];
      flow: number[];
      day: number[];
      reason: string[];
      repaired_minor: number[];
      weight_ppm: number[];
      level_ppm: number[];
    };
  };
  notes: {
    balances_rolled: number;
    values_repaired: number;
    legs: number;
    estimated_legs: number;
    violations: { rule: string; text: string }[];
    n_violations: number;
    /** Sentences of the program, in English. */
    texts: string[];
  };
}

/** The data with the indexes that views ask for again and again. */
export interface Plan extends PageData {
  nPoints: number;
  nDays: number;
  routesOfDay: number[][];
  visitsOfDay: number[][];
  visitsOfPoint: number[][];
  visitsOfStop: Map<number, number[]>;
  pointsOfSite: number[][];
  routeOfStop: Int32Array;
  unservedOfDay: number[][];
  pinsOfPoint: Map<number, number[]>;
}

const lists = (n: number): number[][] => Array.from({ length: n }, () => []);

export function stopsEnd(d: PageData, route: number): number {
  return route + 1 < d.routes.day.length ? d.routes.first_stop[route + 1] : d.stops.site.length;
}

export function loadsEnd(d: PageData, visit: number): number {
  return visit + 1 < d.visits.day.length ? d.visits.first_load[visit + 1] : d.loads.channel.length;
}

export function channelsEnd(d: PageData, point: number): number {
  return point + 1 < d.points.code.length
    ? d.points.first_channel[point + 1]
    : d.channels.denom.length;
}

export function buildPlan(d: PageData): Plan {
  const nDays = d.meta.n_days;
  const p: Plan = {
    ...d,
    nPoints: d.points.code.length,
    nDays,
    routesOfDay: lists(nDays),
    visitsOfDay: lists(nDays),
    visitsOfPoint: lists(d.points.code.length),
    visitsOfStop: new Map(),
    pointsOfSite: lists(d.sites.code.length),
    routeOfStop: new Int32Array(d.stops.site.length).fill(-1),
    unservedOfDay: lists(nDays),
    pinsOfPoint: new Map(),
  };
  d.points.site.forEach((site, i) => p.pointsOfSite[site].push(i));
  d.routes.day.forEach((day, r) => {
    p.routesOfDay[day].push(r);
    p.routeOfStop.fill(r, d.routes.first_stop[r], stopsEnd(d, r));
  });
  d.visits.day.forEach((day, v) => {
    p.visitsOfDay[day].push(v);
    p.visitsOfPoint[d.visits.point[v]].push(v);
    const stop = d.visits.stop[v];
    if (stop < 0) return;
    const at = p.visitsOfStop.get(stop);
    if (at) at.push(v);
    else p.visitsOfStop.set(stop, [v]);
  });
  d.unserved.day.forEach((day, u) => {
    if (day >= 0 && day < nDays) p.unservedOfDay[day].push(u);
  });
  d.pins.point.forEach((point, k) => {
    const at = p.pinsOfPoint.get(point);
    if (at) at.push(k);
    else p.pinsOfPoint.set(point, [k]);
  });
  return p;
}

/** What a point may hold, in minor units. */
export function capacityMinor(d: Plan, point: number): number {
  let sum = 0;
  for (let c = d.points.first_channel[point]; c < channelsEnd(d, point); c++)
    if (d.channels.role[c] !== 1)
      sum += d.channels.capacity_notes[c] * d.denoms.value_minor[d.channels.denom[c]];
  return sum;
}

/** Days that the planned stock of the evening of `day` would last at the demand expected next. */
export function coverDays(d: Plan, point: number, day: number): number {
  const s = d.series;
  if (s.stock_mean.length === 0) return NaN;
  const at = point * d.nDays;
  let left = s.stock_mean[at + day];
  let cover = 0;
  for (let t = day + 1; t < d.nDays; t++) {
    const need = s.demand_mean[at + t];
    if (need >= left) return need > 0 ? cover + left / need : cover;
    left -= need;
    cover++;
  }
  const from = Math.max(0, d.nDays - 7);
  let mean = 0;
  for (let t = from; t < d.nDays; t++) mean += s.demand_mean[at + t] / (d.nDays - from);
  return mean > 0 ? Math.min(99, cover + left / mean) : 99;
}

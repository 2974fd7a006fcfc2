// SPDX-License-Identifier: GPL-3.0-or-later
// node schemas.mjs FOLDER...: every JSON file of the folders against the schema that it names, and
// what no schema can say: columns of one length, indexes inside their tables, sums that agree.
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mock } from "./mock.mjs";

const schemaDir = fileURLToPath(new URL("../../../data/json/schema/", import.meta.url));
const ajv = new Ajv({ strict: true, allErrors: true, strictRequired: false, strictTypes: false });
addFormats(ajv);
for (const name of await readdir(schemaDir)) ajv.addSchema(JSON.parse(await readFile(join(schemaDir, name), "utf8")));

const problems = [];
const problem = (file, text) => problems.push(`${file}: ${text}`);

function validate(file, data) {
  const name = /^cashplan\.([a-z_]+)\/1$/.exec(data.schema ?? "")?.[1];
  const check = name && ajv.getSchema(`https://cashplan.invalid/schema/${name}.schema.json`);
  if (!check) return problem(file, `no schema for ${data.schema}`);
  if (check(data)) return name;
  for (const e of check.errors.slice(0, 8)) problem(file, `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  return undefined;
}

const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

function checkTask(file, task) {
  const boxes = task.cassettes_out ?? [];
  if (new Set(boxes.map((b) => b.slot)).size !== boxes.length) problem(file, `${task.point}: a slot twice`);
  if (task.kind === "swap" && boxes.length !== task.returned.cassettes) problem(file, `${task.point}: ${boxes.length} cassettes out, ${task.returned.cassettes} back`);
}

function checkDispatch(file, data) {
  for (const route of data.routes) {
    let before = -1;
    route.stops.forEach((stop, k) => {
      if (stop.number !== k + 1) problem(file, `${route.route}: stop ${k + 1} is numbered ${stop.number}`);
      const times = [before, minutes(stop.arrival), minutes(stop.start), minutes(stop.leave)];
      if (times.some((t, j) => j > 0 && t < times[j - 1])) problem(file, `${route.route}: stop ${k + 1} runs backwards`);
      before = times[3];
      for (const task of stop.tasks) checkTask(file, task);
    });
    const trips = new Set(route.stops.map((s) => s.trip)).size;
    if (trips !== route.departures.length) problem(file, `${route.route}: ${trips} trips, ${route.departures.length} departures`);
  }
}

function checkPage(file, d) {
  for (const [table, columns] of Object.entries(d)) {
    const lengths = Object.values(columns).filter(Array.isArray).map((c) => c.length);
    if (["cost", "roads", "meta", "notes", "history"].includes(table)) continue;
    if (new Set(lengths).size > 1) problem(file, `${table}: columns of different length`);
  }
  const inside = (what, column, n, least = 0) => column.forEach((x) => (x < least || x >= n) && problem(file, `${what}: index ${x}`));
  inside("points.site", d.points.site, d.sites.code.length);
  inside("visits.point", d.visits.point, d.points.code.length);
  inside("visits.stop", d.visits.stop, d.stops.site.length, -1);
  inside("visits.day", d.visits.day, d.meta.n_days);
  inside("stops.site", d.stops.site, d.sites.code.length);
  inside("routes.car", d.routes.car, d.cars.code.length);
  inside("loads.channel", d.loads.channel, d.channels.denom.length);
  inside("packing.route", d.packing.route, d.routes.day.length);
  inside("unserved.point", d.unserved.point, d.points.code.length);
  const past = d.history;
  for (const flow of ["withdrawal", "deposit"])
    if (![0, past.n_days * d.points.code.length].includes(past[flow].length)) problem(file, `history.${flow}: ${past[flow].length} days`);
  if (new Set(Object.values(past.repairs).map((c) => c.length)).size > 1) problem(file, "history.repairs: columns of different length");
  inside("history.repairs.point", past.repairs.point, d.points.code.length);
  inside("history.repairs.flow", past.repairs.flow, 2);
  for (const c of d.conflicts.list) {
    inside("conflicts.point", [c.point], d.points.code.length, -1);
    inside("conflicts.day", [c.day, ...c.ways.map((w) => w.day)], d.meta.n_days, -1);
    if (c.user.length !== c.user_use.length || c.again.length % 2 !== 0 || c.ways.some((w) => w.who.length !== w.to.length)) problem(file, `conflict ${c.kind}: columns of different length`);
  }
  if (![0, d.points.code.length * d.meta.n_days].includes(d.series.stock_mean.length)) problem(file, "series: neither empty nor whole");
  for (const p of d.cost.policies) {
    if (p.item_minor.length !== d.cost.items.length) problem(file, `${p.policy}: items`);
    if (p.item_minor.reduce((a, b) => a + b, 0) !== p.total_minor) problem(file, `${p.policy}: items do not add up to the total`);
  }
  let node = 0;
  d.roads.from.forEach((x) => {
    node += x;
    if (node < 0 || node >= d.roads.lat.length) problem(file, `roads.from: ${node}`);
  });
}

function checkStudy(file, d) {
  const tables = { places: d.places, clients: d.clients };
  d.scenarios.forEach((s, k) => s.use.forEach((u, t) => (tables[`scenarios[${k}].use[${t}]`] = u)));
  d.scenarios.forEach((s, k) => s.service.forEach((b, t) => (tables[`scenarios[${k}].service[${t}]`] = b)));
  d.curves.forEach((c) => (tables[`curve ${c.name}`] = c));
  for (const [table, columns] of Object.entries(tables))
    if (new Set(Object.values(columns).filter(Array.isArray).map((c) => c.length)).size > 1) problem(file, `${table}: columns of different length`);
  const inside = (what, column, n, least = 0) => column.forEach((x) => (x < least || x >= n) && problem(file, `${what}: index ${x}`));
  const nPlaces = d.places.code.length;
  inside("clients.today", d.clients.today, nPlaces, -1);
  d.scenarios.forEach((s, k) => {
    for (const list of [s.use, s.service]) if (![0, d.periods.length].includes(list.length)) problem(file, `${s.name}: periods`);
    const c = s.cost;
    if (c.run + c.begin + c.end + c.service + c.left !== c.total) problem(file, `${s.name}: items do not add up to the total`);
    if (s.found && s.bound !== null && s.bound > s.objective + 0.01) problem(file, `${s.name}: bound above the objective`);
    s.use.forEach((u) => inside(`${s.name}: use.place`, u.place, nPlaces));
    s.service.forEach((b, t) => {
      if (b.like >= k * d.periods.length + t) problem(file, `${s.name}: like a later block`);
      inside(`${s.name}: server`, b.server, nPlaces, -1);
      inside(`${s.name}: steps`, [b.step.reduce((x, y) => x + y, 0)], Math.max(1, d.clients.code.length));
    });
  });
}

let n = 0;
function one(file, data) {
  n++;
  const name = validate(file, data);
  if (name === "dispatch") checkDispatch(file, data);
  if (name === "page") checkPage(file, data);
  if (name === "study_page") checkStudy(file, data);
}

/** A check that can fail: broken documents must be refused. */
function mustFail(data, spoil, what) {
  const before = problems.length;
  const copy = structuredClone(data);
  spoil(copy);
  one("spoiled", copy);
  const noticed = problems.length > before;
  problems.length = before;
  n--;
  if (!noticed) problem("self-test", `${what} was not noticed`);
}

const page = mock({ points: 40, days: 7, roads: true });
one("mock", page);
mustFail(page, (d) => d.visits.point.push(1), "a column too long");
mustFail(page, (d) => (d.visits.point[0] = 4000), "an index outside");
mustFail(page, (d) => (d.meta.extra = 1), "an unknown member");
mustFail(page, (d) => (d.meta.first_day = "2026-02-30"), "a day that does not exist");
mustFail(page, (d) => d.cost.policies[0].total_minor++, "a wrong total");
mustFail(page, (d) => (d.conflicts.list[1].point = 4000), "a conflict of nobody");
mustFail(page, (d) => (d.conflicts.list[1].ways[0].way = "luck"), "a way that does not exist");

for (const dir of process.argv.slice(2)) {
  if (!existsSync(dir)) problem(dir, "no such folder");
  else
    for (const name of (await readdir(dir)).sort())
      if (/\.(geo)?json$/.test(name)) {
        const data = JSON.parse(await readFile(join(dir, name), "utf8"));
        one(name, data);
        if (name === "study.json") {
          mustFail(data, (d) => d.scenarios[1].service[0].server.push(1), "a server too many");
          mustFail(data, (d) => (d.scenarios[1].service[1].like = 3), "a block like itself");
          mustFail(data, (d) => (d.clients.today[0] = 3), "a vault that does not exist");
          mustFail(data, (d) => d.scenarios[1].cost.total++, "a wrong sum");
        }
        if (name === "dispatch.json") mustFail(data, (d) => delete d.routes[0].stops[0].tasks[0].returned, "a task without returns");
      }
}
for (const text of problems.slice(0, 40)) console.error(text);
console.log(`${n} documents, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);

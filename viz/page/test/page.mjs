// SPDX-License-Identifier: GPL-3.0-or-later
// node page.mjs [PAGE.html]: what a planner does with the page, in headless Chromium. Without a page
// an invented plan is filled into dist/page.html. Fails on any page error or outside request.
// Screenshots go to the folder CASHPLAN_SHOTS when it is set.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium, frames, launch, open, until } from "./browser.mjs";
import { fillPage } from "./fill.mjs";
import { mock } from "./mock.mjs";

const given = process.argv[2];
if (!findChromium() || (given ? !existsSync(given) : !existsSync(new URL("../dist/page.html", import.meta.url)))) {
  console.log("chromium or the built page is not here: skipped");
  process.exit(77);
}
/** A page built before its sources were changed would fail or pass for yesterday's reasons. */
async function stale() {
  const here = fileURLToPath(new URL("..", import.meta.url));
  const built = join(here, "dist", "page.html");
  if (!existsSync(built)) return [];
  const { mtimeMs } = await stat(built);
  const sources = (await readdir(join(here, "src"))).map((name) => join("src", name));
  const newer = [];
  for (const name of [...sources, "build.mjs", "package-lock.json"])
    if ((await stat(join(here, name))).mtimeMs > mtimeMs) newer.push(name);
  return newer;
}
const newer = await stale();
if (newer.length > 0) {
  console.log(`FAIL  dist/page.html is older than ${newer.join(", ")}: npm run build in viz/page, then build again`);
  process.exit(1);
}
const shots = process.env.CASHPLAN_SHOTS;
const folder = await mkdtemp(join(tmpdir(), "cashplan-page-"));
const browser = await launch();
let failed = 0;

async function step(name, run) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${String(error.message).split("\n").slice(0, 6).join("\n      ")}`);
  }
}
const text = (page, selector) => page.locator(selector).first().innerText();
const shot = async (page, name, options = {}) => shots && page.screenshot({ path: join(shots, `${name}.png`), ...options });

const picked = '#days button[aria-checked="true"]';
const dayIs = (page, day) =>
  until(`day ${day} is picked`, async () => (await page.locator(picked).getAttribute("data-day")) === day);
const numbers = (words) => (words.match(/\d[\d,]*/g) ?? []).map((x) => Number(x.replace(/,/g, "")));

/** Brings a part to the middle of the screen and waits until it is drawn and stands still. */
async function bring(page, selector, drawn) {
  await page.locator(selector).evaluate((el) => el.scrollIntoView({ block: "center" }));
  await page.waitForSelector(drawn);
  let before = "";
  return until(`${selector} stands still`, async () => {
    await frames(page);
    const box = await page.locator(drawn).first().boundingBox();
    const now = JSON.stringify(box);
    const still = box !== null && now === before;
    before = now;
    return still && box;
  });
}

async function clicks(page) {
  await step("a car of the day shows its stops and is back with Escape", async () => {
    const cars = await until("cars in the list", () => page.locator("#cars .car").count());
    const name = await text(page, "#cars .car .car-name");
    await page.locator("#cars .car").first().click();
    await until("the stops of the car", () => page.locator("#cars .stop").count());
    assert.ok(name.startsWith(await text(page, "#cars-title")));
    await page.keyboard.press("Escape");
    await until("the cars are back", async () => (await page.locator("#cars .car").count()) === cars);
  });
  await step("a stop picks its machine everywhere", async () => {
    await page.locator("#cars .car").first().click();
    await page.locator("#cars .stop").nth(1).click();
    await until("one picked stop", async () => (await page.locator("#cars .stop.picked").count()) === 1);
    await bring(page, "#card-machine", "#machine-facts b");
    const code = await text(page, "#machine-facts b");
    await until("the stop names the machine", async () => (await page.locator("#cars .stop.picked").innerText()).includes(code));
    await bring(page, "#card-visits", "#visits .tabulator-row.picked");
    await until("the row names the machine", async () => (await text(page, "#visits .tabulator-row.picked")).includes(code));
    await until("the loads of the visit", () => page.locator("#machine-loads details[open]").count());
  });
  await step("a bar of the Gantt picks its stop", async () => {
    await page.keyboard.press("Escape");
    await until("no stop is picked", async () => (await page.locator("#cars .stop.picked").count()) === 0);
    await until("a bar of the first car", async () => {
      const box = await bring(page, "#card-gantt", "#gantt canvas");
      for (let x = 100; x < box.width - 20; x += 9) {
        await page.mouse.click(box.x + x, box.y + 20);
        if ((await page.locator("#cars .stop.picked").count()) > 0) return true;
      }
      return false;
    });
  });
  await step("another day by click and by arrow key", async () => {
    const before = await text(page, "#cars-sub");
    await page.locator("#days button").nth(2).click();
    await dayIs(page, "2");
    await until("the cars of the other day", async () => (await text(page, "#cars-sub")) !== before);
    await page.keyboard.press("ArrowRight");
    await dayIs(page, "3");
    await page.keyboard.press("Home");
    await dayIs(page, "0");
  });
  await step("a site on the map is clicked", async () => {
    await page.evaluate(() => window.scrollTo(0, 0));
    await until("a site", async () => {
      const box = await bring(page, "#map", "#map");
      const before = await text(page, "#machine-facts b");
      for (let y = 40; y < box.height - 30; y += 7)
        for (let x = 60; x < box.width - 20; x += 41) {
          await page.mouse.click(box.x + x, box.y + y);
          if ((await text(page, "#machine-facts b")) !== before) return true;
        }
      return false;
    });
  });
}

async function tips(page, problems) {
  await step("a tip outlives the new drawing of its chart", async () => {
    const known = problems.length;
    await page.locator("#days button").first().click();
    await dayIs(page, "0");
    const box = await bring(page, "#card-machine", "#machine-chart canvas");
    const tip = () => page.locator("#machine-chart").evaluate((el) =>
      [...el.children].some((x) => x.textContent && getComputedStyle(x).visibility === "visible" && getComputedStyle(x).display !== "none"));
    for (const share of [0.3, 0.6, 0.8]) {
      const [x, y] = [box.x + box.width * share, box.y + 80];
      const day = await page.locator(picked).getAttribute("data-day");
      await page.mouse.move(x, y);
      await until("the tip", tip);
      await page.mouse.click(x, y);
      await until("a click picks the day", async () => (await page.locator(picked).getAttribute("data-day")) !== day);
      await page.mouse.move(x + 2, y + 2);
      await frames(page);
      await until("the tip after the click", tip);
    }
    assert.deepEqual(problems.slice(known), []);
    await page.mouse.move(0, 0);
    await page.locator("#days button").first().click();
    await dayIs(page, "0");
  });
}

async function tables(page) {
  const cells = (field) => page.locator(`#visits .tabulator-cell[tabulator-field="${field}"]`).allInnerTexts();
  const col = (field) => page.locator(`#visits .tabulator-col[tabulator-field="${field}"]`);
  const counts = async () => numbers(await text(page, "#visits-count"));
  await step("the table of visits filters, sorts and shows all days", async () => {
    await bring(page, "#card-visits", "#visits .tabulator-row");
    const [today] = await until("the count of the day", async () => {
      const [n, m] = await counts();
      return n > 0 && n === m && [n];
    });
    await page.locator("#visits-bar .seg button").nth(1).click();
    const all = await until("the visits of all days", async () => {
      const [n, m] = await counts();
      return n > today && n === m && n;
    });
    const code = (await until("the codes", () => cells("code")))[0].trim();
    await col("code").locator("input").pressSequentially(code);
    await until("only the rows of the code", async () => {
      const [[n, m], shown] = [await counts(), await cells("code")];
      return n > 0 && n < m && shown.length > 0 && shown.every((x) => x.includes(code));
    });
    await page.locator("#visits-bar .quiet").first().click();
    await until("all rows again", async () => (await counts())[0] === all);
    for (const way of ["ascending", "descending"]) {
      await col("load").locator(".tabulator-col-title").click();
      await until(`sorted ${way}`, async () => (await col("load").getAttribute("aria-sort")) === way);
    }
    await until("the largest load is first", async () => {
      const loads = (await cells("load")).map((x) => Number(x.replace(/,/g, "")));
      return loads.length > 3 && loads.every((x, k) => k === 0 || x <= loads[k - 1]);
    });
  });
  await step("the visits are downloaded as CSV", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#visits-csv").click()]);
    const csv = await readFile(await download.path(), "utf8");
    const [n] = await counts();
    assert.equal(csv.trim().split("\n").length, n + 1);
    assert.ok(n > 10);
    assert.match(csv, /\d{4}-\d{2}-\d{2}/);
  });
  await step("limits, packing, orders and notes are filled", async () => {
    for (const id of ["limits", "packing", "pool", "stock", "unserved", "orders", "about"]) {
      await page.locator(`#card-${id}`).scrollIntoViewIfNeeded();
      await until(`${id} is filled`, () => page.locator(`#${id} > *`).count());
    }
    await page.locator("#limits-bar button").nth(1).click();
    await until("rows of the other limits", () => page.locator("#limits tbody tr").count());
  });
}

/** History: a chart of what was recorded, and the machines with most repairs, the first of which shows its own. */
async function repairs(page) {
  await step("the history stands with its repairs", async () => {
    const { history, points } = await planData(page);
    await page.locator("#card-history").scrollIntoViewIfNeeded();
    const drawn = history.n_days > 0 && history.withdrawal.length + history.deposit.length > 0;
    if (drawn) await until("the history is drawn", () => page.locator("#history-chart canvas").count());
    else await until("that there is none is said", () => page.locator("#history-name .empty").count());
    const repaired = new Set(history.repairs.point);
    await until("the repairs are listed", () => page.locator("#repairs > *").count());
    assert.equal(await page.locator("#repairs tbody tr").count(), Math.min(12, repaired.size));
    if (repaired.size === 0) return;
    const code = await page.locator("#repairs tbody button").first().textContent();
    assert.ok(repaired.has(points.code.indexOf(code)), `${code} has no repair`);
    await page.locator("#repairs tbody button").first().click();
    if (history.n_days > 0) await until("its history is shown", async () => (await page.locator("#history-name").textContent()) === code);
  });
}

/** Conflicts: all of the data, the cheapest way first and marked, dearer ones on request, no markup. */
async function conflicts(page) {
  await step("what the plan could not keep is told with the cheapest way first", async () => {
    const { studied, list } = (await planData(page)).conflicts;
    await page.locator("#card-conflicts").scrollIntoViewIfNeeded();
    await until("conflicts are filled", () => page.locator("#conflicts > *").count());
    if (list.length === 0) {
      assert.equal(await page.locator("#conflicts .empty.good").count(), studied ? 1 : 0);
      return;
    }
    const items = page.locator("#conflicts .conflicts > li");
    assert.equal(await items.count(), list.length);
    for (const [k, c] of list.entries()) {
      const ways = items.nth(k).locator(".ways li");
      assert.equal(await ways.count(), Math.min(4, c.ways.length));
      assert.equal(await items.nth(k).locator(".ways li.cheapest").count(), c.ways.length > 0 ? 1 : 0);
      for (const who of [...c.again.slice(0, 4), ...c.same_time.slice(0, 8), c.kind === "likeness" ? c.item : ""]) assert.ok((await items.nth(k).innerText()).includes(who));
      for (const who of c.user.slice(0, 8)) assert.ok((await items.nth(k).innerText()).includes(who));
      if (c.ways.length === 0) continue;
      const told = numbers((await ways.first().locator(".num").innerText()).replace(/\.\d+/g, ""));
      assert.equal(told.at(-1), Math.floor(Math.abs(c.ways[0].cost_minor) / 100));
    }
    const long = list.findIndex((c) => c.ways.length > 4);
    if (long < 0) return;
    await items.nth(long).locator("> button.link").click();
    await until("all ways", async () => (await items.nth(long).locator(".ways li").count()) === list[long].ways.length);
  });
  await step("a conflict picks its machine", async () => {
    const data = await planData(page);
    const k = data.conflicts.list.findIndex((c) => c.point >= 0);
    if (k < 0) return;
    await page.locator("#conflicts .conflicts > li").nth(k).locator(".conflict-head button").click();
    const code = data.points.code[data.conflicts.list[k].point];
    await until("the machine is shown", async () => (await text(page, "#machine-facts b")).includes(code));
  });
}

const planData = (page) => page.evaluate(() => JSON.parse(document.getElementById("plan-data").textContent));

/** Where a place is on the screen: the map is linear between its vault marks, near enough. */
async function onMap(page, data, lat, lon) {
  const marks = [];
  for (const [k, mark] of (await page.locator("#map .vault-mark").all()).entries()) {
    const box = await mark.boundingBox();
    marks.push({ x: box.x + box.width / 2, y: box.y + box.height / 2, lat: data.vaults.lat[k], lon: data.vaults.lon[k] });
  }
  const far = (of) => marks.slice(1).sort((a, b) => Math.abs(of(b) - of(marks[0])) - Math.abs(of(a) - of(marks[0])))[0];
  const [e, n] = [far((m) => m.lon), far((m) => m.lat)];
  return {
    x: marks[0].x + ((lon - marks[0].lon) * (e.x - marks[0].x)) / (e.lon - marks[0].lon),
    y: marks[0].y + ((lat - marks[0].lat) * (n.y - marks[0].y)) / (n.lat - marks[0].lat),
  };
}

/** Pins and changes, as the data of the page have them. */
async function pinsAndChanges(page) {
  const data = await planData(page);
  const kept = data.visits.pin.findIndex((pin) => pin >= 0);
  await step("a pin is told in the table of visits: what, who and why", async () => {
    if (kept < 0) return;
    const pin = data.visits.pin[kept];
    await page.locator("#days button").nth(data.visits.day[kept]).click();
    await bring(page, "#card-visits", "#visits .tabulator-row");
    await page.locator("#visits-bar .seg button").first().click();
    const col = (field) => page.locator(`#visits .tabulator-col[tabulator-field="${field}"] input`);
    await col("pin").pressSequentially(data.pins.forbid[pin] ? "must not" : "must");
    const row = await until("the pinned row", async () => {
      const rows = await page.locator("#visits .tabulator-row.pinned").allInnerTexts();
      return rows.find((x) => x.includes(data.points.code[data.visits.point[kept]]));
    });
    for (const words of ["must: ", data.pins.author[pin], data.pins.reason[pin]]) assert.ok(row.includes(words), `${words} in ${row}`);
    if (data.pins.car[pin] >= 0) assert.ok(row.includes(data.cars.code[data.pins.car[pin]]), row);
    await page.locator("#visits-bar .quiet").first().click();
  });
  await step("pins are told on the map, kept and forbidding ones", async () => {
    if (kept < 0 || data.vaults.code.length < 3) return;
    for (const [k, day] of data.pins.day.entries()) {
      if (day < 0 || day >= data.meta.n_days) continue;
      await page.locator("#days button").nth(day).click();
      await page.evaluate(() => window.scrollTo(0, 0));
      await bring(page, "#map", "#map");
      const site = data.points.site[data.pins.point[k]];
      const at = await onMap(page, data, data.sites.lat[site], data.sites.lon[site]);
      await until(`the tip of pin ${data.pins.code[k]}`, async () => {
        for (const [dx, dy] of [[0, 0], [2, 0], [-2, 0], [0, 2], [0, -2]]) {
          await page.mouse.move(at.x + dx, at.y + dy, { steps: 2 });
          const tips = await page.locator(".leaflet-tooltip .tip-pin").allInnerTexts();
          const good = (x) => x.includes(data.pins.forbid[k] ? "must not" : "must:") && x.includes(data.pins.reason[k]) && x.includes(data.pins.author[k]);
          if (tips.some(good)) return true;
        }
        return false;
      });
      await page.mouse.move(2, 2);
    }
  });
  await step("what changed since the plan before, by day and in all", async () => {
    await page.locator("#days button").first().click();
    await dayIs(page, "0");
    await page.locator("#card-changes").scrollIntoViewIfNeeded();
    await until("changes are drawn", () => page.locator("#changes > *").count());
    const c = data.changes;
    if (c.plan_id === 0) {
      assert.match(await text(page, "#changes"), /No earlier plan/);
      return;
    }
    const sum = await text(page, "#changes-sum");
    assert.ok(sum.includes(`Plan ${c.plan_id},`), sum);
    for (const [kind, word] of [["new", "new"], ["gone", "gone"], ["moved", "moved"]]) {
      const n = c.kind.filter((x) => x === kind).length;
      if (n > 0) assert.ok(sum.includes(`${word} ${n}`), sum);
    }
    const rows = () => page.locator("#changes tbody tr").count();
    const today = c.kind.filter((_, k) => c.day[k] === 0 || c.day_before[k] === 0).length;
    assert.equal(await rows(), today);
    await page.locator("#changes-bar button").nth(1).click();
    await until("all changes", async () => (await rows()) === c.kind.length);
    const last = c.kind.length - 1;
    await page.locator("#changes tbody tr .link").nth(last).click();
    await dayIs(page, String(Math.max(c.day[last], c.day[last] < 0 ? c.day_before[last] : 0)));
    await page.locator("#changes-bar button").nth(0).click();
    await page.locator("#days button").first().click();
    await dayIs(page, "0");
  });
  await step("sentences of the program stand in the notes", async () => {
    await page.locator("#card-about").scrollIntoViewIfNeeded();
    for (const words of data.notes.texts) await until(words, async () => (await text(page, "#about")).includes(words));
  });
}

async function languages(page) {
  await step("Chinese and back, without a word left behind", async () => {
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator("#languages button").nth(1).click();
    await until("the page says zh-CN", async () => (await page.locator("html").getAttribute("lang")) === "zh-CN");
    const heads = await page.locator("h2").allInnerTexts();
    const left = heads.filter((x) => x && !/[\u4e00-\u9fff]/.test(x) && !/^[A-Z0-9-]+$/.test(x));
    assert.deepEqual(left, []);
    await frames(page);
    await shot(page, "zh", { fullPage: true });
    await page.locator("#languages button").nth(0).click();
    await until("English again", async () => (await page.locator("h2").allInnerTexts()).includes("Map"));
  });
}

async function visit(name, path, options) {
  // The best of three: other work on the machine is not the page's fault. Where there is more work
  // than processors, the time of the page's own thread counts instead of the clock.
  let ms = Infinity;
  let cpu = Infinity;
  for (let k = 0; k < 3 && ms > 1500; k++) {
    const trial = await open(browser, path, options);
    ms = Math.min(ms, trial.ms);
    cpu = Math.min(cpu, trial.cpu);
    await trial.context.close();
  }
  const busy = loadavg()[0] > cpus().length;
  const { page, context, problems } = await open(browser, path, options);
  await step(`${name}: opens in 3 s (${ms} ms, own thread ${cpu.toFixed(0)} ms)`, async () => assert.ok((busy ? cpu : ms) < 3000));
  await step(`${name}: under 10 MB`, async () => assert.ok((await stat(path)).size < 1e7));
  await shot(page, `${name}-top`);
  await clicks(page);
  await tips(page, problems);
  await tables(page);
  await pinsAndChanges(page);
  await languages(page);
  await conflicts(page);
  await repairs(page);
  await shot(page, `${name}-full`, { fullPage: true });
  await step(`${name}: print shows every part`, async () => {
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    const pdf = await page.pdf({ format: "A4", landscape: true });
    assert.ok(pdf.length > 20000);
  });
  await step(`${name}: no page error, no outside request`, async () => assert.deepEqual(problems, []));
  await context.close();
}

async function odd(name, data, check) {
  const path = join(folder, `${name}.html`);
  await fillPage(path, data);
  const { page, context, problems } = await open(browser, path, { lang: "zh" });
  await step(`${name}`, async () => {
    await until(name, () => check(page));
    const tall = await page.evaluate(() => document.body.scrollHeight);
    for (let y = 0; y < tall; y += 600) {
      await page.evaluate((to) => window.scrollTo(0, to), y);
      await frames(page);
    }
    assert.deepEqual(problems, []);
  });
  await context.close();
}

if (given) await visit("given", given);
else {
  const path = join(folder, "mock.html");
  await fillPage(path, mock({ points: 240, cars: 6 }));
  await visit("mock", path);
  const large = join(folder, "large.html");
  await fillPage(large, mock({ points: 700, cars: 18, roads: true }));
  await visit("large", large, { width: 1600 });
  const bare = mock({ points: 12, days: 7, cars: 1 });
  for (const table of ["series", "limits", "pool", "stock", "orders", "unserved", "packing", "kpis"]) for (const c of Object.keys(bare[table])) bare[table][c] = [];
  bare.meta.proof.has_bound = false;
  bare.cost.policies.length = 1;
  bare.changes.plan_id = 0;
  bare.conflicts = { studied: true, list: [] };
  await odd("a plan without series, rivals, limits or bound", bare, async (page) => (await page.locator(".tile").count()) >= 5);
  const none = mock({ points: 6, days: 7, cars: 1 });
  for (const table of ["visits", "loads", "routes", "stops", "packing", "unserved", "likeness", "route_bounds"]) for (const c of Object.keys(none[table])) none[table][c] = [];
  none.conflicts = { studied: false, list: [] };
  await odd("a plan without any visit", none, async (page) => (await text(page, "#cars")).length > 0);
}
await browser.close();
await rm(folder, { recursive: true });
process.exit(failed > 0 ? 1 : 0);

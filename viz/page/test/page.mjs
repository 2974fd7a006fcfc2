// SPDX-License-Identifier: GPL-3.0-or-later
// node page.mjs [PAGE.html]: what a planner does with the page, in headless Chromium. Without a page
// an invented plan is filled into dist/page.html. Fails on any page error or outside request.
// Screenshots go to the folder CASHPLAN_SHOTS when it is set.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, launch, open } from "./browser.mjs";
import { fillPage } from "./fill.mjs";
import { mock } from "./mock.mjs";

const given = process.argv[2];
if (!findChromium() || (given ? !existsSync(given) : !existsSync(new URL("../dist/page.html", import.meta.url)))) {
  console.log("chromium or the built page is not here: skipped");
  process.exit(77);
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

async function clicks(page) {
  await step("a car of the day shows its stops and is back with Escape", async () => {
    const cars = await page.locator("#cars .car").count();
    assert.ok(cars > 0, "no car in the list");
    const name = await text(page, "#cars .car .car-name");
    await page.locator("#cars .car").first().click();
    assert.ok(name.startsWith(await text(page, "#cars-title")));
    assert.ok((await page.locator("#cars .stop").count()) > 0);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#cars .car").count(), cars);
  });
  await step("a stop picks its machine everywhere", async () => {
    await page.locator("#cars .car").first().click();
    await page.locator("#cars .stop").nth(1).click();
    assert.equal(await page.locator("#cars .stop.picked").count(), 1);
    const code = await text(page, "#machine-facts b");
    assert.ok((await page.locator("#cars .stop.picked").innerText()).includes(code));
    await page.locator("#card-visits").scrollIntoViewIfNeeded();
    await page.waitForSelector("#visits .tabulator-row.picked");
    assert.ok((await text(page, "#visits .tabulator-row.picked")).includes(code));
    assert.equal(await page.locator("#machine-loads details[open]").count() > 0, true);
  });
  await step("a bar of the Gantt picks its stop", async () => {
    await page.keyboard.press("Escape");
    await page.locator("#card-gantt").evaluate((el) => el.scrollIntoView({ block: "center" }));
    const box = await page.locator("#gantt canvas").first().boundingBox();
    let hit = false;
    for (let x = 100; x < box.width - 20 && !hit; x += 9) {
      await page.mouse.click(box.x + x, box.y + 20);
      hit = (await page.locator("#cars .stop.picked").count()) > 0;
    }
    assert.ok(hit, "no bar of the first car was hit");
  });
  await step("another day by click and by arrow key", async () => {
    const before = await text(page, "#cars-sub");
    await page.locator("#days button").nth(2).click();
    assert.equal(await page.locator('#days button[aria-checked="true"]').getAttribute("data-day"), "2");
    assert.notEqual(await text(page, "#cars-sub"), before);
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator('#days button[aria-checked="true"]').getAttribute("data-day"), "3");
    await page.keyboard.press("Home");
    assert.equal(await page.locator('#days button[aria-checked="true"]').getAttribute("data-day"), "0");
  });
  await step("a site on the map is clicked", async () => {
    await page.evaluate(() => window.scrollTo(0, 0));
    const box = await page.locator("#map").boundingBox();
    const before = await text(page, "#machine-facts b");
    let after = before;
    for (let y = 40; y < box.height - 30 && after === before; y += 7)
      for (let x = 60; x < box.width - 20 && after === before; x += 41) {
        await page.mouse.click(box.x + x, box.y + y);
        after = await text(page, "#machine-facts b");
      }
    assert.notEqual(after, before, "no site was hit");
  });
}

async function tables(page) {
  await step("the table of visits filters, sorts and shows all days", async () => {
    await page.locator("#card-visits").scrollIntoViewIfNeeded();
    await page.waitForSelector("#visits .tabulator-row");
    const counts = async () => (await text(page, "#visits-count")).match(/\d[\d,]*/g).map((x) => Number(x.replace(/,/g, "")));
    const [today] = await counts();
    await page.locator("#visits-bar .seg button").nth(1).click();
    await page.waitForFunction((n) => Number(document.getElementById("visits-count").textContent.match(/\d[\d,]*/)[0].replace(/,/g, "")) > n, today);
    const code = (await text(page, '#visits .tabulator-cell[tabulator-field="code"]')).trim();
    await page.locator('#visits .tabulator-col[tabulator-field="code"] input').pressSequentially(code);
    await page.waitForFunction(() => {
      const [n, m] = document.getElementById("visits-count").textContent.match(/\d[\d,]*/g).map((x) => Number(x.replace(/,/g, "")));
      return n > 0 && n < m;
    });
    for (const cell of await page.locator('#visits .tabulator-cell[tabulator-field="code"]').allInnerTexts()) assert.ok(cell.includes(code));
    await page.locator("#visits-bar .quiet").first().click();
    await page.locator('#visits .tabulator-col[tabulator-field="load"] .tabulator-col-title').click();
    await page.locator('#visits .tabulator-col[tabulator-field="load"] .tabulator-col-title').click();
    const loads = (await page.locator('#visits .tabulator-cell[tabulator-field="load"]').allInnerTexts()).map((x) => Number(x.replace(/,/g, "")));
    assert.ok(loads.length > 3 && loads.every((x, k) => k === 0 || x <= loads[k - 1]), "not sorted by load");
  });
  await step("the visits are downloaded as CSV", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#visits-csv").click()]);
    const csv = await readFile(await download.path(), "utf8");
    assert.ok(csv.split("\n").length > 10);
    assert.match(csv, /\d{4}-\d{2}-\d{2}/);
  });
  await step("limits, packing, orders and notes are filled", async () => {
    for (const id of ["limits", "packing", "unserved", "orders", "about"]) {
      await page.locator(`#card-${id}`).scrollIntoViewIfNeeded();
      await page.waitForFunction((name) => document.getElementById(name).childElementCount > 0, id);
    }
    await page.locator("#limits-bar button").nth(1).click();
    assert.ok((await page.locator("#limits tbody tr").count()) > 0);
  });
}

async function languages(page) {
  await step("Chinese and back, without a word left behind", async () => {
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator("#languages button").nth(1).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    const heads = await page.locator("h2").allInnerTexts();
    const left = heads.filter((x) => x && !/[\u4e00-\u9fff]/.test(x) && !/^[A-Z0-9-]+$/.test(x));
    assert.deepEqual(left, []);
    await page.waitForTimeout(250);
    await shot(page, "zh", { fullPage: true });
    await page.locator("#languages button").nth(0).click();
    assert.ok((await page.locator("h2").allInnerTexts()).includes("Map"));
  });
}

async function visit(name, path, options) {
  // The best of three: other work on the machine is not the page's fault.
  let ms = Infinity;
  for (let k = 0; k < 3 && ms > 1500; k++) {
    const trial = await open(browser, path, options);
    ms = Math.min(ms, trial.ms);
    await trial.context.close();
  }
  const { page, context, problems } = await open(browser, path, options);
  await step(`${name}: opens in 3 s (${ms} ms)`, async () => assert.ok(ms < 3000));
  await step(`${name}: under 10 MB`, async () => assert.ok((await stat(path)).size < 1e7));
  await shot(page, `${name}-top`);
  await clicks(page);
  await tables(page);
  await languages(page);
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
    await check(page);
    await page.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 600) {
        window.scrollTo(0, y);
        await new Promise((r) => setTimeout(r, 50));
      }
    });
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
  for (const table of ["series", "limits", "orders", "unserved", "packing", "kpis"]) for (const c of Object.keys(bare[table])) bare[table][c] = [];
  bare.meta.proof.has_bound = false;
  bare.cost.policies.length = 1;
  await odd("a plan without series, rivals, limits or bound", bare, async (page) => assert.ok((await page.locator(".tile").count()) >= 5));
  const none = mock({ points: 6, days: 7, cars: 1 });
  for (const table of ["visits", "loads", "routes", "stops", "packing", "unserved"]) for (const c of Object.keys(none[table])) none[table][c] = [];
  await odd("a plan without any visit", none, async (page) => assert.ok((await text(page, "#cars")).length > 0));
}
await browser.close();
await rm(folder, { recursive: true });
process.exit(failed > 0 ? 1 : 0);

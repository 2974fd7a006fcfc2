// SPDX-License-Identifier: GPL-3.0-or-later
// node backtest.mjs [PAGE.html]: what a planner does with the page of a backtest, in headless Chromium.
// Without a page an invented backtest is filled into dist/page.html. Fails on any page error or outside
// request. Screenshots go to the folder CASHPLAN_SHOTS when it is set.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, frames, launch, open, until } from "./browser.mjs";
import { fillPage } from "./fill.mjs";

const given = process.argv[2];
if (!findChromium() || !existsSync(given ?? new URL("../dist/page.html", import.meta.url))) {
  console.log("chromium or the page is not here: skipped");
  process.exit(77);
}

const score = (k) => ({ n: 100 + k, smape_pct: 10 + k, mase: 0.5 + 0.01 * k, wql: 0.1, pinball_minor: 5000, cover50_pct: 50, cover80_pct: 79.5, cover95_pct: 94, bias_pct: -1 });
const spans = (k) => ({ days: score(k), totals: score(k / 2) });
const gain = (minor) => ({ overrides: 1, days: 2, actual_minor: 300000, without_minor: 200000, with_minor: 290000, error_without_minor: 100000, error_with_minor: 100000 - minor, gain_minor: minor, gain_pct: minor / 1000 });

/** Machines with odd names; the last has no days on the page. */
export function invented() {
  const points = [];
  for (let k = 0; k < 40; k++) points.push({ code: `M<${k}>`, name: `设备 & "${k}"`, segment: "city", kind: "atm", flow: k % 3 === 2 ? "deposit" : "withdrawal", ...spans(k) });
  const n = 4 * 28;
  const column = (k, off) => Array.from({ length: n }, (_, i) => 1000 + 40 * k + 100 * (i % 7) + off);
  const charts = points.slice(0, 39).map((p, k) => ({ code: p.code, flow: p.flow, actual: column(k, 30).map((x, i) => (i === 5 ? null : x)), mean: column(k, 0), median: column(k, 0), lo50: column(k, -50), hi50: column(k, 50), lo80: column(k, -100), hi80: column(k, 100), lo95: column(k, -200), hi95: column(k, 200), hidden: [9] }));
  return {
    schema: "cashplan.backtest/1",
    meta: { bank: "Sample Bank 样例银行", currency: "CNY", exponent: 2, horizon_days: 28, step_days: 14, total_days: 7, origins: ["2026-10-27", "2026-10-13", "2026-09-29", "2026-09-15"] },
    total: { withdrawal: spans(1), deposit: spans(2) }, points,
    overrides: {
      n: 3, total: gain(5000), authors: [{ name: "anna", ...gain(8000) }, { name: "", ...gain(-3000) }], reasons: [{ name: "fair <b>", ...gain(5000) }],
      rows: [{ code: "O-1", point: "M<0>", flow: "withdrawal", denomination: "", from: "2026-10-28", to: "2026-10-29", author: "anna", reason: "fair <b>", ...gain(8000) }, { code: "O-2", point: "M<1>", flow: "withdrawal", denomination: "CNY100", from: "2026-11-04", to: "2026-11-04", author: "", reason: "fair <b>", ...gain(-3000) }],
    },
    charts_left_out: 1, charts,
  };
}

async function dataOf(path) {
  const html = await readFile(path, "utf8");
  const mark = '<script id="plan-data" type="application/json">';
  const at = html.indexOf(mark) + mark.length;
  return JSON.parse(html.slice(at, html.indexOf("</script", at)));
}

const folder = await mkdtemp(join(tmpdir(), "cashplan-backtest-"));
const path = given ?? join(folder, "backtest.html");
if (!given) await fillPage(path, invented());
const data = await dataOf(path);
const shots = process.env.CASHPLAN_SHOTS;
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

const { page, context, problems } = await open(browser, path);
/** The text that the codes must hold; the table waits a little before it filters. */
async function filter(want) {
  const input = page.locator('#machines .tabulator-col[tabulator-field="code"] input');
  await input.fill(want);
  await input.press("End"); // it listens to keys
  const n = data.points.filter((p) => p.code.toLowerCase().includes(want.toLowerCase())).length;
  await until(`rows with "${want}"`, async () => (n > 12 ? (await rows().count()) > 1 : (await rows().count()) === n));
}
const rows = () => page.locator("#machines .tabulator-row");
const firstCode = async () => (await rows().first().locator(".tabulator-cell").first().innerText()).trim();
const byMase = (span) => [...data.points].sort((a, b) => b[span].mase - a[span].mase);

await step("scores in total, by flow and span", async () => {
  const want = ["withdrawal", "deposit"].filter((flow) => data.total[flow].days.n > 0).length;
  assert.ok((await page.locator("#totals tbody tr").count()) >= want);
  const words = await page.locator("#totals tbody tr").first().innerText();
  assert.ok(words.includes(data.total.withdrawal.days.smape_pct.toFixed(2)), words);
});
await step("machines, the greatest error first, sorted by a click and filtered by a word", async () => {
  await until("rows", () => rows().count());
  assert.equal(await firstCode(), byMase("days")[0].code);
  await page.locator('#machines .tabulator-col[tabulator-field="code"] .tabulator-col-title').click();
  const codes = data.points.map((p) => p.code).sort();
  await until("sorted by code", async () => codes.slice(0, 1).includes(await firstCode()) || codes.slice(-1).includes(await firstCode()));
  const want = data.points[0].code;
  await filter(want);
  await filter("");
});
await step("totals of seven days are another table", async () => {
  const own = data.points.find((p) => p.days.n !== p.totals.n);
  await page.locator("#spans button").nth(1).click();
  await filter(own.code);
  await until("its figures", async () => (await rows().first().innerText()).includes(own.totals.smape_pct.toFixed(2)));
  await filter("");
  await page.locator("#spans button").nth(0).click();
});
await step("a machine's days are drawn, from every origin", async () => {
  await rows().nth(1).click();
  const code = (await rows().nth(1).locator(".tabulator-cell").first().innerText()).trim();
  await until("its name", async () => (await page.locator("#chart-name").innerText()).includes(code));
  await page.locator("#backtest-chart").scrollIntoViewIfNeeded();
  assert.equal(await page.locator("#chart-origin option").count(), data.meta.origins.length);
  for (let k = data.meta.origins.length - 1; k >= 0; k--) {
    await page.locator("#chart-origin").selectOption(String(k));
    await frames(page);
  }
  const box = await page.locator("#backtest-chart").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await until("the tip", async () => /80 % interval/.test(await page.locator("#backtest-chart").innerText()));
});
if (!given)
  await step("a machine without days says so", async () => {
    await filter("M<39>");
    await rows().first().click();
    await until("the words", async () => /left out/.test(await page.locator("#chart-none").innerText()));
    await filter("");
  });
await step("overrides by author, reason and one by one", async () => {
  const o = data.overrides;
  const words = await page.locator("#overrides").innerText();
  if (o.rows.length === 0) assert.match(words, /No override/);
  else {
    assert.equal(await page.locator("#overrides table").count(), 3);
    assert.equal(await page.locator("#overrides table").nth(2).locator("tbody tr").count(), o.rows.length);
    for (const r of o.rows) assert.ok(words.includes(r.code) && words.includes(r.reason), r.code);
  }
});
await step("Chinese and back", async () => {
  await page.locator("#languages button").nth(1).click();
  await until("zh", async () => (await page.locator("html").getAttribute("lang")) === "zh-CN");
  const heads = await page.locator("h2").allInnerTexts();
  assert.deepEqual(heads.filter((x) => x && !/[\u4e00-\u9fff]/.test(x)), []);
  if (shots) await page.screenshot({ path: join(shots, "backtest-zh.png"), fullPage: true });
  await page.locator("#languages button").nth(0).click();
  await until("English", async () => (await page.locator("h2").allInnerTexts()).includes("By machine"));
});
if (shots) {
  await page.locator("#machines .tabulator-row").first().click();
  await frames(page);
  await page.screenshot({ path: join(shots, "backtest.png"), fullPage: true });
}
await step("under 10 MB, no page error, no outside request", async () => {
  assert.ok((await stat(path)).size < 1e7);
  assert.deepEqual(problems, []);
});
await context.close();
await browser.close();
await rm(folder, { recursive: true });
process.exit(failed > 0 ? 1 : 0);

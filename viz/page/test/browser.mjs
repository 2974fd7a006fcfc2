// SPDX-License-Identifier: GPL-3.0-or-later
// A headless Chromium that notices every page error and every request that leaves the file.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const findChromium = () => CHROMIUM.find((path) => existsSync(path));

export async function launch() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    timeout: 120000,
    executablePath: findChromium(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** Two frames: what was changed is drawn, and what came near the screen was told so. */
export const frames = (page) => page.evaluate(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
}));

/** Asks until the answer is true (20 s); the last answer or error tells why it never was. */
export async function until(what, probe, ms = 20000) {
  const end = Date.now() + ms;
  for (;;) {
    let last;
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${ms / 1000} s (${String(last)})`);
    await new Promise((next) => setTimeout(next, 40));
  }
}

/** Opens a file; problems holds what went wrong so far, cpu the milliseconds of its thread. */
export async function open(browser, path, { width = 1440, height = 900, lang = "en" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: lang === "zh" ? "zh-CN" : "en-GB", acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const meter = await context.newCDPSession(page);
  await meter.send("Performance.enable", { timeDomain: "threadTicks" });
  const problems = [];
  page.on("pageerror", (e) => problems.push(`page error: ${e.message} ${(e.stack ?? "").split("\n").slice(1, 5).join(" ").slice(0, 400)}`));
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") problems.push(`console ${m.type()}: ${m.text()}`);
  });
  page.on("request", (r) => {
    if (!/^(file|data|blob):/.test(r.url())) problems.push(`request: ${r.url()}`);
  });
  const began = Date.now();
  await page.goto(`${pathToFileURL(path).href}#lang=${lang}`);
  await page.waitForFunction(() => performance.getEntriesByName("cashplan-ready").length > 0);
  await frames(page);
  const ms = Date.now() - began;
  const { metrics } = await meter.send("Performance.getMetrics");
  const cpu = 1000 * (metrics.find((m) => m.name === "TaskDuration")?.value ?? Infinity);
  await meter.detach();
  return { page, context, problems, ms, cpu };
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A headless Chromium that notices every page error and every request that leaves the file.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const findChromium = () => CHROMIUM.find((path) => existsSync(path));

export async function launch() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** Opens a file; problems holds what went wrong so far. */
export async function open(browser, path, { width = 1440, height = 900, lang = "en" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: lang === "zh" ? "zh-CN" : "en-GB", acceptDownloads: true,
  });
  const page = await context.newPage();
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
  await page.waitForFunction(() => performance.getEntriesByName("cashplan-ready").length > 0, null, { timeout: 30000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, context, problems, ms: Date.now() - began };
}

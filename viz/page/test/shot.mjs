// SPDX-License-Identifier: GPL-3.0-or-later
// node test/shot.mjs PAGE.html PREFIX [lang] [width]: screenshots to look at.
import { launch, open } from "./browser.mjs";

const [path, prefix, lang = "en", width = "1440"] = process.argv.slice(2);
const browser = await launch();
const { page, problems, ms } = await open(browser, path, { lang, width: Number(width) });
await page.screenshot({ path: `${prefix}-top.png` });
await page.locator("#cars .car").first().click();
await page.locator("#cars .stop").nth(1).click();
await page.waitForTimeout(200);
await page.screenshot({ path: `${prefix}-car.png` });
await page.evaluate(async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 500) {
    window.scrollTo(0, y);
    await new Promise((r) => setTimeout(r, 60));
  }
  window.scrollTo(0, 0);
});
await page.waitForTimeout(300);
await page.screenshot({ path: `${prefix}-full.png`, fullPage: true });
console.log(`${ms} ms`, problems);
await browser.close();

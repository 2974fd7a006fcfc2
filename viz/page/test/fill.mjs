// SPDX-License-Identifier: GPL-3.0-or-later
// node test/fill.mjs OUT.html [POINTS [CARS [roads]]]: the page with an invented plan inside, as
// `cashplan report` would make it.
import { readFile, writeFile } from "node:fs/promises";
import { mock } from "./mock.mjs";

export async function fillPage(path, data) {
  const html = await readFile(new URL("../dist/page.html", import.meta.url), "utf8");
  const mark = '<script id="plan-data" type="application/json">';
  const at = html.indexOf(mark) + mark.length;
  const text = JSON.stringify(data).replace(/<\//g, "<\\/");
  await writeFile(path, html.slice(0, at) + text + html.slice(at));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [out, points = "240", cars = "6", roads = ""] = process.argv.slice(2);
  await fillPage(out, mock({ points: Number(points), cars: Number(cars), roads: roads === "roads" }));
}

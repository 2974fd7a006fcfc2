// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the page to ONE self-contained template, dist/page.html: style sheet, pictures and program
// inside, one empty data block that `cashplan report` fills. Nothing is fetched when it is opened.
import * as esbuild from "esbuild";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const common = {
  bundle: true,
  minify: !process.argv.includes("--debug"),
  write: false,
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  legalComments: "none",
  loader: { ".png": "dataurl", ".svg": "dataurl" },
  logLevel: "warning",
};

async function bundle(entry) {
  const result = await esbuild.build({ ...common, entryPoints: [join(here, "src", entry)] });
  return result.outputFiles[0].text;
}

const [js, css, html] = await Promise.all([
  bundle("main.ts"),
  bundle("style.css"),
  readFile(join(here, "src", "page.html"), "utf8"),
]);

// Inside a script element nothing may look like its end; inside a style element likewise.
const safeJs = js.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--");
const safeCss = css.replace(/<\/style/gi, "<\\/style");
const page = html.replace("/*STYLE*/", () => safeCss).replace("/*PROGRAM*/", () => safeJs);

const mark = '<script id="plan-data" type="application/json"></script>';
if (page.split(mark).length !== 2) throw new Error("the template must hold the data block once");
if (/url\(\s*["']?(https?:)?\/\//i.test(safeCss)) throw new Error("a style wants something from outside");

await mkdir(join(here, "dist"), { recursive: true });
const path = join(here, "dist", "page.html");
await writeFile(`${path}.tmp`, page);
await rename(`${path}.tmp`, path);
console.log(`dist/page.html  ${(page.length / 1024).toFixed(0)} kB`);

// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a backtest: scores in total and by machine, the days of one machine, overrides.

import {
  AccessorModule, DownloadModule, EditModule, ExportModule, FilterModule, FormatModule, InteractionModule,
  KeybindingsModule, ResizeColumnsModule, ResizeTableModule, SortModule, Tabulator,
} from "tabulator-tables";
import { BacktestChart, type Days } from "./backtest_chart";
import { w, type BacktestWord } from "./backtest_words";
import type { Meta } from "./data";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { lang, setLang, t, type Lang } from "./i18n";

Tabulator.registerModule([
  AccessorModule, DownloadModule, EditModule, ExportModule, FilterModule, FormatModule, InteractionModule,
  KeybindingsModule, ResizeColumnsModule, ResizeTableModule, SortModule,
]);

interface Score {
  n: number;
  smape_pct: number;
  mase: number;
  wql: number;
  pinball_minor: number;
  cover50_pct: number;
  cover80_pct: number;
  cover95_pct: number;
  bias_pct: number;
}
type Flow = "withdrawal" | "deposit";
interface Spans {
  days: Score;
  totals: Score;
}
interface Gain {
  name?: string;
  overrides: number;
  days: number;
  error_without_minor: number;
  error_with_minor: number;
  gain_minor: number;
  gain_pct: number | null;
}
interface GainRow extends Gain {
  code: string;
  point: string;
  flow: Flow;
  denomination: string;
  from: string;
  to: string;
  author: string;
  reason: string;
}
export interface BacktestData {
  schema: string;
  meta: { bank: string; currency: string; exponent: number; horizon_days: number; step_days: number; total_days: number; origins: string[] };
  total: Record<Flow, Spans>;
  points: ({ code: string; name: string; segment: string; kind: string; flow: Flow } & Spans)[];
  overrides: { n: number; total: Gain; authors: Gain[]; reasons: Gain[]; rows: GainRow[] };
  charts?: Days[];
  charts_left_out?: number;
}

const FIGURES = ["n", "smape_pct", "mase", "wql", "cover50_pct", "cover80_pct", "cover95_pct", "bias_pct"] as const;
const DIGITS: Record<(typeof FIGURES)[number], number> = { n: 0, smape_pct: 2, mase: 3, wql: 4, cover50_pct: 1, cover80_pct: 1, cover95_pct: 1, bias_pct: 2 };
const FLOWS: Flow[] = ["withdrawal", "deposit"];

type Row = { id: number; code: string; name: string; segment: string; flow: string } & Record<(typeof FIGURES)[number], number>;
type Cell = { getValue(): unknown };

function card(id: BacktestWord, tools: HTMLElement | null, ...body: HTMLElement[]): HTMLElement {
  return h("section", { class: `card c-${id}`, id: `card-${id}`, "aria-labelledby": `${id}-title` }, h("div", { class: "card-head" }, h("h2", { id: `${id}-title` }, w(id)), h("div", { class: "card-tools" }, tools)), body);
}

function plain(head: string[], rows: (string | HTMLElement)[][], textColumns: number): HTMLElement {
  const cls = (k: number): string => (k >= textColumns ? "num" : "");
  return h("table", { class: "plain" }, h("thead", {}, h("tr", {}, head.map((x, k) => h("th", { class: cls(k) }, x)))), h("tbody", {}, rows.map((r) => h("tr", {}, r.map((x, k) => h("td", { class: cls(k) }, x))))));
}

export class BacktestPage {
  private totals = false;
  private picked = 0;
  private table?: Tabulator;
  private chart?: BacktestChart;

  constructor(
    private data: BacktestData,
    private root: HTMLElement,
  ) {
    f.setMoney(data.meta as unknown as Meta);
    window.addEventListener("resize", () => this.chart?.resize());
    window.addEventListener("beforeprint", () => this.chart?.resize());
  }

  draw(): void {
    const m = this.data.meta;
    const lastDay = f.dateOf(m.origins[0], m.horizon_days - 1);
    const first = f.dateOf(m.origins[m.origins.length - 1], 0);
    document.title = `${w("title")} ${f.iso(first)} · ${m.bank}`;
    history.replaceState(null, "", `#lang=${lang()}`);
    this.chart?.free();
    this.table?.destroy();
    fill(
      this.root,
      h(
        "header",
        { id: "head" },
        h("div", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }), h("div", {}, h("h1", {}, m.bank || w("title")), h("div", { class: "muted" }, w("title")))),
        h("div", { class: "period" }, h("div", { class: "big" }, `${f.dayLong(first)} – ${f.dayLong(lastDay)} ${lastDay.getUTCFullYear()}`), h("div", { class: "muted" }, w("about", { n: m.origins.length, s: m.step_days, h: m.horizon_days }))),
        h("div", { class: "tools" }, this.languages(), h("button", { type: "button", class: "quiet", onclick: () => window.print() }, t("print"))),
      ),
      h(
        "main",
        {},
        card("totals", null, h("p", { class: "muted small" }, w("score_hint")), h("div", { id: "totals" }, this.totalTable())),
        card("machines", this.spans(), h("div", { id: "machines" })),
        card("chart", h("span", { id: "chart-tools" }), h("div", { id: "chart-name", class: "fact-head" }), h("div", { class: "machine-box" }, h("div", { id: "backtest-chart", role: "img" }), h("p", { id: "chart-none", class: "empty" }))),
        card("overrides", null, h("p", { class: "muted small" }, w("override_hint")), h("div", { id: "overrides" }, this.gains())),
      ),
    );
    this.chart = new BacktestChart(byId("backtest-chart"), byId("chart-tools"), m.origins, m.horizon_days);
    this.drawTable();
    this.paint();
  }

  private languages(): HTMLElement {
    const one = (code: Lang, name: string): HTMLElement =>
      h("button", { type: "button", lang: code, "aria-pressed": lang() === code ? "true" : "false", onclick: () => {
        setLang(code);
        this.draw();
      } }, name);
    return h("span", { class: "seg", role: "group", "aria-label": t("language"), id: "languages" }, one("en", "English"), one("zh", "中文"));
  }

  private spanName(totals: boolean): string {
    return totals ? w("span_totals", { n: this.data.meta.total_days }) : w("days");
  }

  private spans(): HTMLElement {
    const one = (totals: boolean): HTMLElement =>
      h("button", { type: "button", "aria-pressed": this.totals === totals ? "true" : "false", onclick: () => {
        this.totals = totals;
        fill(byId("spans"), one(false), one(true));
        void this.table?.replaceData(this.rows() as never);
      } }, this.spanName(totals));
    return h("span", {}, h("span", { class: "seg", role: "group", id: "spans" }, one(false), one(true)), " ", h("button", { type: "button", class: "quiet", id: "machines-csv", onclick: () => this.table?.download("csv", "backtest.csv", { bom: true }) }, w("csv")));
  }

  private totalTable(): HTMLElement {
    const rows: string[][] = [];
    for (const flow of FLOWS)
      for (const totals of [false, true]) {
        const s = this.data.total[flow][totals ? "totals" : "days"];
        if (s.n > 0) rows.push([w(flow), this.spanName(totals), ...FIGURES.map((k) => f.num(s[k], DIGITS[k]))]);
      }
    return plain([w("flow"), w("span"), ...FIGURES.map((k) => w(k))], rows, 2);
  }

  private rows(): Row[] {
    return this.data.points.map((p, id) => {
      const s = p[this.totals ? "totals" : "days"];
      return { id, code: p.code, name: p.name, segment: p.segment, flow: w(p.flow), ...Object.fromEntries(FIGURES.map((k) => [k, s[k]])) } as Row;
    });
  }

  private drawTable(): void {
    const text = (field: "code" | "name" | "segment" | "flow", more: object = {}): object => ({ title: w(field), field, headerFilter: "input", headerFilterPlaceholder: w("any"), formatter: (c: Cell) => esc(String(c.getValue() ?? "")), ...more });
    const figure = (field: (typeof FIGURES)[number]): object => ({ title: w(field), field, sorter: "number", hozAlign: "right", headerHozAlign: "right", width: 100, formatter: (c: Cell) => f.num(Number(c.getValue()), DIGITS[field]) });
    const table = new Tabulator(byId("machines"), {
      data: this.rows(),
      index: "id",
      height: "430px",
      layout: "fitColumns",
      columns: [text("code", { width: 120 }), text("name", { minWidth: 140, widthGrow: 2 }), text("segment", { minWidth: 90 }), text("flow", { width: 120 }), ...FIGURES.map(figure)],
      initialSort: [{ column: "mase", dir: "desc" }],
      columnDefaults: { headerSortTristate: false, resizable: true, minWidth: 64 },
      rowFormatter: (row: { getData(): Row; getElement(): HTMLElement }) => row.getElement().classList.toggle("picked", row.getData().id === this.picked),
    } as never);
    table.on("rowClick", (_e: unknown, row: { getData(): unknown }) => {
      this.picked = (row.getData() as Row).id;
      for (const one of table.getRows("visible" as never)) one.reformat();
      this.paint();
    });
    this.table = table;
  }

  private paint(): void {
    const p = this.data.points[this.picked];
    const days = p && this.data.charts?.find((c) => c.code === p.code && c.flow === p.flow);
    const none = byId("chart-none");
    none.hidden = days !== undefined;
    none.textContent = p ? w("no_chart", { n: f.num(this.data.charts_left_out ?? 0) }) : w("pick");
    byId("backtest-chart").style.visibility = days ? "visible" : "hidden";
    fill(byId("chart-name"), p && [h("b", {}, p.code), " ", h("span", {}, p.name), " ", h("span", { class: "muted" }, w(p.flow))]);
    if (days) this.chart!.show(days);
  }

  private gainCells(g: Gain): string[] {
    return [f.num(g.overrides), f.num(g.days, Number.isInteger(g.days) ? 0 : 1), f.whole(g.error_without_minor), f.whole(g.error_with_minor), f.whole(g.gain_minor), g.gain_pct === null ? "–" : f.signedPct(g.gain_pct)];
  }

  private gains(): HTMLElement[] {
    const o = this.data.overrides;
    if (o.rows.length === 0) return [h("p", { class: "muted" }, w("no_overrides"))];
    const figures = [w("overrides"), w("measured"), w("without"), w("with"), w("gain"), w("gain_pct")];
    const named = (list: Gain[]): string[][] => list.map((g) => [g.name || w("none_given"), ...this.gainCells(g)]);
    const rows = [...o.rows].sort((a, b) => a.gain_minor - b.gain_minor || (a.code < b.code ? -1 : 1));
    return [
      plain([w("author"), ...figures], [...named(o.authors), [w("all"), ...this.gainCells(o.total)]], 1),
      plain([w("reason"), ...figures], named(o.reasons), 1),
      plain(
        [w("override"), w("point"), w("flow"), w("when"), w("author"), w("reason"), ...figures.slice(1)],
        rows.map((r) => [r.code, r.point, [w(r.flow), r.denomination].filter(Boolean).join(" "), r.from === r.to ? r.from : `${r.from} – ${r.to}`, r.author, r.reason, ...this.gainCells(r).slice(1)]),
        6,
      ),
    ];
  }
}

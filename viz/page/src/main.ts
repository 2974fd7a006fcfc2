// SPDX-License-Identifier: GPL-3.0-or-later
// The page of one cash plan: reads the data block, lays out the views, draws each when it is near.

import { Lazy, type App, type View } from "./app";
import { BacktestPage, type BacktestData } from "./backtest";
import { CarsView } from "./cars";
import { ChangesView } from "./changes";
import { ConflictsView } from "./conflicts";
import { CostView } from "./cost";
import { buildPlan, type PageData } from "./data";
import { append, byId, fill, h } from "./dom";
import { setMoney } from "./format";
import { GanttView } from "./gantt";
import { DaysView, HeadView, TilesView } from "./head";
import { lang, setLang, t, type Word } from "./i18n";
import { HistoryView } from "./history";
import { MachineView } from "./machine";
import { MapView } from "./map";
import { KpiView, LimitsView, NotesView, OrdersView, PackingView, UnservedView } from "./panels";
import { Store } from "./state";
import { PoolView } from "./pool";
import { StockView } from "./stock";
import { VisitsView } from "./visits";

/** A card: heading with tools at its right, then the body. */
function card(id: string, tools: string[], ...body: HTMLElement[]): HTMLElement {
  const heading = h("h2", { id: `${id}-title`, "data-word": id });
  const bar = h("div", { class: "card-tools" }, tools.map((tool) => h("div", { id: tool, class: "tools-part" })));
  return h("section", { class: `card c-${id}`, id: `card-${id}`, "aria-labelledby": `${id}-title` }, h("div", { class: "card-head" }, heading, bar), body);
}

const div = (id: string, cls = "", props: object = {}): HTMLElement => h("div", { id, class: cls, ...props });

function layout(root: HTMLElement): void {
  fill(
    root,
    h("header", { id: "head" }),
    h("p", { id: "proof", class: "proof" }),
    h("nav", { id: "days", role: "radiogroup" }),
    h(
      "main",
      {},
      h("section", { id: "tiles", class: "tiles" }),
      h("div", { class: "grid map-row" }, card("map", ["map-bar"], div("map", "map"), h("p", { id: "map-note", class: "muted small" })), h("section", { class: "card c-cars", "aria-labelledby": "cars-title" }, h("div", { class: "card-head" }, h("h2", { id: "cars-title" }), h("span", { id: "cars-sub", class: "muted" })), div("cars"))),
      card("gantt", ["gantt-keys"], div("gantt", "", { role: "img" })),
      h("div", { class: "grid machine-row" }, card("machine", ["machine-finder"], div("machine-facts"), div("machine-keys", "keys"), h("div", { class: "machine-box" }, div("machine-chart", "", { role: "img" }), h("p", { id: "machine-none", class: "empty" }))), card("loads", [], div("machine-loads"))),
      h("div", { class: "grid machine-row" }, card("history", [], h("p", { class: "muted small", "data-word": "history_hint" }), div("history-name"), div("history-chart", "", { role: "img" })), card("repairs", [], div("repairs"))),
      card("visits", ["visits-bar"], div("visits")),
      card("changes", ["changes-bar"], div("changes")),
      h("div", { class: "grid half" }, card("cost", [], h("p", { class: "muted small", "data-word": "cost_hint" }), div("cost", "", { role: "img" })), card("limits", ["limits-bar"], h("p", { class: "muted small", "data-word": "limits_hint" }), div("limits"))),
      h("div", { class: "grid half" }, h("div", { class: "column" }, card("packing", [], div("packing")), card("pool", ["pool-bar"], h("p", { class: "muted small", "data-word": "pool_hint" }), div("pool", "", { role: "img" })), card("stock", ["stock-bar"], h("p", { class: "muted small", "data-word": "stock_hint" }), div("stock", "", { role: "img" })), card("orders", [], div("orders"))), h("div", { class: "column" }, card("kpis", ["kpis-bar"], div("kpis")), card("conflicts", [], h("p", { class: "muted small", "data-word": "conflicts_hint" }), div("conflicts")), card("unserved", [], div("unserved")), card("about", [], div("about")))),
    ),
    h("footer", { id: "foot", class: "muted" }),
  );
}

const TITLES: Record<string, Word> = { loads: "loads_title", stock: "stock_title" };

function words(app: App): void {
  document.querySelectorAll<HTMLElement>("[data-word]").forEach((el) => {
    const key = el.dataset.word!;
    el.textContent = t(TITLES[key] ?? (key as Word));
  });
  byId("days").setAttribute("aria-label", t("day"));
  const m = app.plan.meta;
  byId("foot").textContent = t("footer", { id: m.plan_id, s: m.scenario, seed: m.seed, v: m.version });
}

function firstLanguage(): void {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("lang") ?? navigator.language;
  setLang(wanted.toLowerCase().startsWith("zh") ? "zh" : "en");
}

function start(data: PageData): void {
  const plan = buildPlan(data);
  setMoney(data.meta);
  const firstVisit = plan.visitsOfDay[0]?.[0];
  const point = firstVisit === undefined ? (plan.nPoints > 0 ? 0 : -1) : plan.visits.point[firstVisit];
  const app: App = { plan, store: new Store({ day: 0, route: -1, site: -1, point }) };
  layout(byId("app"));
  const lazy = new Lazy();
  const redraw = (): void => {
    words(app);
    lazy.redraw();
    history.replaceState(null, "", `#lang=${lang()}`);
  };
  const show = (view: View, id: string): void => lazy.add(byId(id), view);
  words(app);
  show(new HeadView(app, byId("head"), redraw), "head");
  show(new DaysView(app, byId("days")), "days");
  show(new TilesView(app, byId("tiles")), "tiles");
  show(new MapView(app, byId("map")), "map");
  show(new CarsView(app, byId("cars")), "cars");
  show(new GanttView(app, byId("gantt")), "gantt");
  show(new MachineView(app, byId("machine-chart")), "machine-chart");
  show(new HistoryView(app, byId("history-chart")), "card-history");
  show(new VisitsView(app, byId("visits")), "card-visits");
  show(new ChangesView(app, byId("changes")), "card-changes");
  show(new CostView(app, byId("cost")), "card-cost");
  show(new LimitsView(app, byId("limits")), "card-limits");
  show(new PackingView(app, byId("packing")), "card-packing");
  show(new PoolView(app, byId("pool")), "card-pool");
  show(new StockView(app, byId("stock")), "card-stock");
  show(new ConflictsView(app, byId("conflicts")), "card-conflicts");
  show(new UnservedView(app, byId("unserved")), "card-unserved");
  show(new OrdersView(app, byId("orders")), "card-orders");
  show(new KpiView(app, byId("kpis")), "card-kpis");
  show(new NotesView(app, byId("about")), "card-about");
  let timer = 0;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => lazy.resize(), 120);
  });
  window.addEventListener("beforeprint", () => {
    lazy.all();
    lazy.resize();
  });
  window.addEventListener("afterprint", () => lazy.resize());
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") app.store.set({ route: -1, site: -1 });
  });
}

const isBacktest = (data: { schema: string }): data is BacktestData => data.schema === "cashplan.backtest/1";

function main(): void {
  firstLanguage();
  const root = byId("app");
  const text = byId("plan-data").textContent ?? "";
  if (text.trim() === "") {
    append(root, [h("p", { class: "empty" }, t("empty"))]);
    return;
  }
  try {
    const data = JSON.parse(text) as PageData | BacktestData;
    if (isBacktest(data)) {
      new BacktestPage(data, root).draw();
      performance.mark("cashplan-ready");
      return;
    }
    if (data.schema !== "cashplan.page/1") throw new Error(`schema ${String(data.schema)}`);
    start(data);
    performance.mark("cashplan-ready");
  } catch (error) {
    fill(root, h("p", { class: "empty" }, t("broken", { why: (error as Error).message })));
    console.error(error);
  }
}

main();

// SPDX-License-Identifier: GPL-3.0-or-later
// Every visit of the plan, sortable and filterable, with a CSV of what is shown.

import {
  AccessorModule,
  ExportModule,
  DownloadModule,
  FilterModule,
  FormatModule,
  InteractionModule,
  KeybindingsModule,
  ResizeColumnsModule,
  ResizeTableModule,
  SortModule,
  Tabulator,
  EditModule,
} from "tabulator-tables";
import type { App, View } from "./app";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { KIND } from "./palette";
import { pinWhat, pinWhy } from "./pins";

Tabulator.registerModule([
  AccessorModule, DownloadModule, EditModule, ExportModule, FilterModule, FormatModule, InteractionModule,
  KeybindingsModule, ResizeColumnsModule, ResizeTableModule, SortModule,
]);

interface Row {
  id: number;
  day: number;
  date: string;
  code: string;
  name: string;
  district: string;
  kind: number;
  load: number;
  ret: number;
  retq: number;
  cassettes: number;
  car: string;
  arrive: number;
  until: string;
  pin: string;
  why: string;
  remark: string;
}

type Cell = { getValue(): unknown; getRow(): { getData(): Row } };

export class VisitsView implements View {
  private table?: Tabulator;
  private rows: Row[] = [];
  private allDays = false;
  private built = false;
  /** The day and scope of the rows in the table. */
  private loaded = "";

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (!this.built) return;
      if (now.day !== before.day && !this.allDays) this.load();
      else if (now.point !== before.point) this.mark();
    });
  }

  draw(): void {
    this.rows = this.app.plan.visits.day.map((_, v) => this.row(v));
    this.built = false;
    this.table?.destroy();
    this.bar();
    this.loaded = this.scope();
    const table = new Tabulator(this.el, {
      data: this.shown(),
      index: "id",
      height: "430px",
      layout: "fitColumns",
      columns: this.columns(),
      initialSort: [{ column: "arrive", dir: "asc" }, { column: "car", dir: "asc" }, { column: "day", dir: "asc" }],
      placeholder: t("no_rows"),
      columnDefaults: { headerSortTristate: false, resizable: true, minWidth: 64 },
      rowFormatter: (row: { getData(): Row; getElement(): HTMLElement }) => {
        row.getElement().classList.toggle("pinned", row.getData().pin !== "");
        row.getElement().classList.toggle("picked", this.pointOf(row.getData()) === this.app.store.get().point);
      },
    } as never);
    table.on("tableBuilt", () => {
      // The table builds itself a little later: what was picked meanwhile is loaded now.
      if (table !== this.table) return;
      this.built = true;
      if (this.loaded === this.scope()) this.count();
      else this.load();
    });
    table.on("dataFiltered", (_filters: unknown, rows: unknown[]) => this.count(rows.length));
    table.on("rowClick", (_e: unknown, row: { getData(): unknown }) => this.pick(row.getData() as Row));
    this.table = table;
  }

  resize(): void {
    if (this.built) this.table?.redraw(true);
  }

  private pointOf(row: Row): number {
    return this.app.plan.visits.point[row.id];
  }

  private pick(row: Row): void {
    const { plan, store } = this.app;
    const point = this.pointOf(row);
    const stop = plan.visits.stop[row.id];
    store.set({ day: row.day, route: stop >= 0 ? plan.routeOfStop[stop] : -1, point, site: plan.points.site[point] });
  }

  private row(v: number): Row {
    const { plan } = this.app;
    const p = plan.visits.point[v];
    const site = plan.points.site[p];
    const stop = plan.visits.stop[v];
    const until = plan.visits.until[v];
    const pin = plan.visits.pin[v];
    const remark = [
      plan.visits.relief[v] ? t("relief") : "",
      plan.visits.kind[v] === 1 && !plan.visits.fixed[v] ? t("level") : "",
    ];
    return {
      id: v,
      day: plan.visits.day[v],
      date: f.iso(f.dateOf(plan.meta.first_day, plan.visits.day[v])),
      code: plan.points.code[p],
      name: plan.points.name[p] || plan.sites.name[site],
      district: plan.sites.district[site],
      kind: plan.visits.kind[v],
      load: f.major(plan.visits.load_minor[v]),
      ret: f.major(plan.visits.return_minor[v]),
      retq: f.major(plan.visits.return_q_minor[v]),
      cassettes: plan.visits.cassettes[v],
      car: plan.visits.by_branch[v] ? t("by_branch") : stop >= 0 ? plan.cars.code[plan.routes.car[plan.routeOfStop[stop]]] : "",
      arrive: stop >= 0 ? plan.stops.arrive_min[stop] : 9999,
      until: until < plan.nDays ? f.iso(f.dateOf(plan.meta.first_day, until)) : "",
      pin: pin >= 0 ? pinWhat(plan, pin) : "",
      why: pin >= 0 ? pinWhy(plan, pin) : "",
      remark: remark.filter(Boolean).join("; "),
    };
  }

  private shown(): Row[] {
    if (this.allDays) return this.rows;
    const { day } = this.app.store.get();
    return this.rows.filter((r) => r.day === day);
  }

  private scope(): string {
    return this.allDays ? "all" : String(this.app.store.get().day);
  }

  private load(): void {
    if (!this.built) return;
    const table = this.table!;
    this.loaded = this.scope();
    void table.replaceData(this.shown() as never).then(() => {
      if (table === this.table) this.count();
    });
  }

  private mark(): void {
    for (const row of this.table!.getRows("visible" as never)) row.reformat();
  }

  private count(n = this.built ? this.table!.getDataCount("active") : 0): void {
    if (!this.built) return;
    byId("visits-count").textContent = t("rows_shown", { n: f.num(n), m: f.num(this.shown().length) });
  }

  private bar(): void {
    const scope = (all: boolean, text: string): HTMLElement =>
      h("button", { type: "button", "aria-pressed": this.allDays === all ? "true" : "false", onclick: () => {
        this.allDays = all;
        this.bar();
        this.load();
      } }, text);
    fill(
      byId("visits-bar"),
      h("span", { class: "muted", id: "visits-count", "aria-live": "polite" }),
      h("span", { class: "seg", role: "group" }, scope(false, t("this_day")), scope(true, t("all_days"))),
      h("button", { type: "button", class: "quiet", onclick: () => this.built && this.table!.clearHeaderFilter() }, t("clear_filters")),
      h("button", { type: "button", class: "quiet", id: "visits-csv", onclick: () => this.built && this.table!.download("csv", `visits-${this.app.plan.meta.first_day}.csv`, { bom: true }) }, t("csv")),
    );
    this.count();
  }

  /** Only where a visit is pinned: the table is wide enough without them. */
  private pinColumns(text: (title: string, field: string, more?: object) => object): object[] {
    if (this.app.plan.visits.pin.every((pin) => pin < 0)) return [];
    const what = (c: Cell): string => (c.getValue() ? `<span class="pin" title="${esc(c.getRow().getData().why)}">${esc(String(c.getValue()))}</span>` : "");
    return [text(t("pin"), "pin", { minWidth: 150, formatter: what }), text(t("pin_why"), "why", { minWidth: 150 })];
  }

  private columns(): object[] {
    const text = (title: string, field: string, more: object = {}): object => ({ title, field, headerFilter: "input", headerFilterPlaceholder: t("any"), formatter: (c: Cell) => esc(String(c.getValue() ?? "")), ...more });
    const money = (title: string, field: string): object => ({ title, field, sorter: "number", hozAlign: "right", headerHozAlign: "right", width: 100, formatter: (c: Cell) => f.num(Number(c.getValue())), headerFilter: "input", headerFilterPlaceholder: "≥", headerFilterFunc: ">=" });
    const kinds: Record<string, string> = { "": t("any") };
    for (const k of [0, 1, 2, 3]) kinds[String(k)] = t(`kind_${k}` as "kind_0");
    const first = this.app.plan.meta.first_day;
    return [
      { title: t("day"), field: "day", sorter: "number", width: 108, formatter: (c: Cell) => f.dayLong(f.dateOf(first, Number(c.getValue()))), accessorDownload: (_: unknown, row: Row) => row.date, headerFilter: "input", headerFilterPlaceholder: t("any"), headerFilterFunc: (want: string, value: number) => f.dayLong(f.dateOf(first, value)).toLowerCase().includes(want.toLowerCase()) },
      text(t("car"), "car", { width: 88 }),
      { title: t("arrival"), field: "arrive", sorter: "number", width: 84, hozAlign: "right", headerHozAlign: "right", formatter: (c: Cell) => (Number(c.getValue()) >= 9999 ? "–" : f.clock(Number(c.getValue()))), accessorDownload: (v: number) => (v >= 9999 ? "" : f.clock(v)), headerFilter: "input", headerFilterPlaceholder: "≥ hh", headerFilterFunc: (want: string, value: number) => value >= 60 * (Number.parseFloat(want.replace(":", ".")) || 0) },
      text(t("code"), "code", { width: 96 }),
      text(t("name"), "name", { minWidth: 150, widthGrow: 2 }),
      text(t("district"), "district", { minWidth: 96 }),
      { title: t("kind"), field: "kind", sorter: "number", width: 92, headerFilter: "list", headerFilterParams: { values: kinds }, headerFilterFunc: (want: string, value: number) => want === "" || Number(want) === value, formatter: (c: Cell) => `<span class="dot" style="background:${KIND[Number(c.getValue())]}"></span> ${t(`kind_${c.getValue()}` as "kind_0")}`, accessorDownload: (v: number) => t(`kind_${v}` as "kind_0") },
      money(t("load"), "load"),
      money(t("ret"), "ret"),
      money(t("ret_q"), "retq"),
      { title: t("cassettes"), field: "cassettes", sorter: "number", width: 88, hozAlign: "right", headerHozAlign: "right", headerFilter: "input", headerFilterPlaceholder: "≥", headerFilterFunc: ">=" },
      { title: t("until"), field: "until", width: 106, formatter: (c: Cell) => (c.getValue() ? f.dayLong(new Date(`${c.getValue()}T00:00:00Z`)) : "–") },
      ...this.pinColumns(text),
      text(t("remark"), "remark", { minWidth: 84, widthGrow: 1 }),
    ];
  }
}

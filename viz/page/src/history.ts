// SPDX-License-Identifier: GPL-3.0-or-later
// The last weeks of a machine's history: as recorded, what forecasts take repaired days for and why;
// and the machines with most repairs.

import type { App, View } from "./app";
import { AXIS_LABEL, AXIS_LINE, CALM, makeChart, REPLACE, SPLIT, TIP, tipRow, type Chart } from "./chart";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { t, type Word } from "./i18n";
import { FAINT, MUTED } from "./palette";

const RAW = ["#2463c9", "#12917a"];
const REPAIRED = "#c2410c";
const LISTED = 12;

const reasonWord = (reason: string): string => t(`repair_${reason}` as Word);

export class HistoryView implements View {
  private chart?: Chart;
  /** Rows of repairs by point. */
  private rows = new Map<number, number[]>();

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.plan.history.repairs.point.forEach((p, k) => {
      const list = this.rows.get(p);
      if (list) list.push(k);
      else this.rows.set(p, [k]);
    });
    app.store.listen((now, before) => {
      if (this.chart && now.point !== before.point) this.paint();
    });
  }

  draw(): void {
    if (!this.chart) this.chart = makeChart(this.el);
    this.paint();
    this.list();
  }

  resize(): void {
    this.chart?.resize();
  }

  private list(): void {
    const { plan, store } = this.app;
    const worst = [...this.rows.entries()].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]).slice(0, LISTED);
    if (worst.length === 0) {
      fill(byId("repairs"), h("p", { class: "empty good" }, t("repairs_none")));
      return;
    }
    const why = (list: number[]): string => {
      const count = new Map<string, number>();
      for (const k of list) count.set(plan.history.repairs.reason[k], (count.get(plan.history.repairs.reason[k]) ?? 0) + 1);
      return [...count.entries()].sort((a, b) => b[1] - a[1]).map(([reason, n]) => `${reasonWord(reason)} ${f.num(n)}`).join(" · ");
    };
    const row = ([p, list]: [number, number[]]): HTMLElement =>
      h(
        "tr",
        {},
        h("td", {}, h("button", { type: "button", class: "chip", onclick: () => store.set({ point: p, site: plan.points.site[p] }) }, plan.points.code[p])),
        h("td", { class: "num" }, f.num(list.length)),
        h("td", {}, why(list)),
      );
    fill(
      byId("repairs"),
      h("table", { class: "plain" }, h("thead", {}, h("tr", {}, h("th", {}, t("machine")), h("th", { class: "num" }, t("repairs_days")), h("th", {}, t("repairs_why")))), h("tbody", {}, worst.map(row))),
    );
  }

  private paint(): void {
    const { plan, store } = this.app;
    const { point } = store.get();
    const n = plan.history.n_days;
    const has = point >= 0 && n > 0 && plan.history.withdrawal.length + plan.history.deposit.length > 0;
    this.el.style.visibility = has ? "visible" : "hidden";
    fill(byId("history-name"), has ? h("b", {}, plan.points.code[point]) : h("p", { class: "empty" }, t("history_none")));
    if (has) this.paintChart(point);
  }

  private paintChart(point: number): void {
    const { history, points } = this.app.plan;
    const n = history.n_days;
    const days = Array.from({ length: n }, (_, k) => k);
    const date = (k: number): Date => f.dateOf(history.first_day, k);
    const mine = (this.rows.get(point) ?? []).filter((k) => history.repairs.day[k] >= 0);
    const flows = [history.withdrawal, history.deposit].map((column) => days.map((k) => (column.length === 0 || column[point * n + k] < 0 ? null : f.major(column[point * n + k]))));
    const names = [t("history_raw"), `${t("history_raw")} (${t("deposits")})`];
    const shown = [0, 1].filter((k) => flows[k].some((x) => x !== null && x > 0));
    const breaks = mine.filter((k) => history.repairs.level_ppm[k] > 0);
    this.chart!.setOption(
      {
        ...CALM,
        aria: { enabled: true, label: { description: `${points.code[point]}: ${t("history")}` } },
        grid: { left: 56, right: 14, top: 14, bottom: 54 },
        legend: { bottom: 0, left: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: MUTED, fontSize: 11.5 } },
        xAxis: { type: "category", data: days, axisLine: AXIS_LINE, axisTick: { show: false }, axisLabel: { ...AXIS_LABEL, hideOverlap: true, formatter: (k: string) => f.dayMonth(date(Number(k))) } },
        yAxis: { type: "value", splitLine: SPLIT, splitNumber: 3, axisLabel: { ...AXIS_LABEL, formatter: (x: number) => f.shortUnits(x) } },
        tooltip: { ...TIP, trigger: "axis", formatter: (e: { dataIndex: number }[]) => this.tip(point, e[0].dataIndex, mine) },
        series: [
          ...shown.map((k) => ({ name: names[k], type: "line", data: flows[k], symbol: "none", connectNulls: false, lineStyle: { color: RAW[k], width: 1.6 }, itemStyle: { color: RAW[k] } })),
          {
            name: t("history_repaired"), type: "scatter", symbolSize: 8, itemStyle: { color: REPAIRED, borderColor: "#fff", borderWidth: 1 }, z: 5,
            data: mine.map((k) => [history.repairs.day[k], f.major(history.repairs.repaired_minor[k])]),
            markLine: { symbol: "none", silent: true, animation: false, label: { show: false }, lineStyle: { color: FAINT, type: "dashed" }, data: breaks.map((k) => ({ xAxis: history.repairs.day[k] })) },
          },
        ],
      } as never,
      REPLACE,
    );
  }

  private tip(point: number, day: number, mine: number[]): string {
    const { history } = this.app.plan;
    const at = point * history.n_days + day;
    const rows = [history.withdrawal, history.deposit].map((column, flow) => {
      if (column.length === 0) return "";
      const raw = column[at] < 0 ? t("no_record") : f.whole(column[at]);
      const repair = mine.find((k) => history.repairs.day[k] === day && history.repairs.flow[k] === flow);
      const name = flow === 0 ? t("history_raw") : `${t("history_raw")} (${t("deposits")})`;
      if (repair === undefined) return tipRow(name, raw, RAW[flow]);
      const r = history.repairs;
      const level = r.level_ppm[repair] > 0 ? tipRow(t("history_level"), f.pct(r.level_ppm[repair] / 1e4, 0), FAINT) : "";
      return `${tipRow(name, raw, RAW[flow])}${tipRow(`${t("history_repaired")}: ${reasonWord(r.reason[repair])}`, f.whole(r.repaired_minor[repair]), REPAIRED)}${tipRow(t("history_weight"), f.pct(r.weight_ppm[repair] / 1e4, 0), FAINT)}${level}`;
    });
    return `<b>${f.dayLong(f.dateOf(history.first_day, day))}</b><table class="tip-table">${rows.join("")}</table>`;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What was forecast for one machine from one day of the past, with its intervals, and what came.

import { w } from "./backtest_words";
import { AXIS_LABEL, AXIS_LINE, CALM, makeChart, REPLACE, SPLIT, TEXT, TIP, tipRow, type Chart } from "./chart";
import { fill, h } from "./dom";
import * as f from "./format";
import { ACCENT, INK, MUTED, UNSERVED } from "./palette";

type Column = (number | null)[];
/** Amounts in whole units, all origins one after the other. */
export interface Days {
  code: string;
  flow: string;
  actual: Column;
  mean: Column;
  median: Column;
  lo50: Column;
  hi50: Column;
  lo80: Column;
  hi80: Column;
  lo95: Column;
  hi95: Column;
  hidden: number[];
}

const BANDS = [
  { p: 95, lo: "lo95", hi: "hi95", colour: "#dcebed" },
  { p: 80, lo: "lo80", hi: "hi80", colour: "#b9d8dc" },
  { p: 50, lo: "lo50", hi: "hi50", colour: "#8fbfc6" },
] as const;

export class BacktestChart {
  private chart: Chart;
  private origin = 0;
  private days?: Days;

  constructor(
    el: HTMLElement,
    tools: HTMLElement,
    private origins: string[],
    private horizon: number,
  ) {
    this.chart = makeChart(el);
    const select = h("select", { id: "chart-origin", "aria-label": w("origin"), onchange: () => {
      this.origin = Number(select.value);
      this.paint();
    } }, origins.map((day, k) => h("option", { value: k }, day)));
    fill(tools, h("label", { class: "muted small" }, w("origin"), " ", select));
  }

  show(days: Days): void {
    this.days = days;
    this.paint();
  }

  resize(): void {
    this.chart.resize();
  }

  free(): void {
    this.chart.dispose();
  }

  private part(column: Column): Column {
    return column.slice(this.origin * this.horizon, (this.origin + 1) * this.horizon);
  }

  private date(k: number): Date {
    return f.dateOf(this.origins[this.origin], k);
  }

  private paint(): void {
    const d = this.days;
    if (!d) return;
    const start = this.origin * this.horizon;
    const hidden = new Set(d.hidden.map((i) => i - start));
    const actual = this.part(d.actual);
    const bands = BANDS.flatMap(({ p, lo, hi, colour }) => {
      const low = this.part(d[lo]);
      const line = { type: "line", stack: `band${p}`, symbol: "none", lineStyle: { opacity: 0 }, silent: true };
      return [
        { ...line, data: low, areaStyle: { opacity: 0 }, name: `low${p}` },
        { ...line, data: this.part(d[hi]).map((x, k) => (x ?? 0) - (low[k] ?? 0)), areaStyle: { color: colour, opacity: 1 }, itemStyle: { color: colour }, name: w("band", { p }) },
      ];
    });
    const marks = actual.map((x, k) => (hidden.has(k) ? x : null));
    this.chart.setOption(
      {
        ...CALM,
        aria: { enabled: true, label: { description: `${w("chart")} ${d.code}` } },
        grid: { left: 64, right: 12, top: 12, bottom: 64 },
        legend: { bottom: 0, left: 0, itemWidth: 13, itemHeight: 11, textStyle: { ...TEXT, fontSize: 11.5, color: MUTED }, data: [w("actual"), w("median"), ...BANDS.map(({ p }) => w("band", { p })), ...(hidden.size > 0 ? [w("hidden")] : [])] },
        xAxis: { type: "category", data: actual.map((_, k) => k), axisLine: AXIS_LINE, axisTick: { show: false }, axisLabel: { ...AXIS_LABEL, lineHeight: 14, hideOverlap: true, formatter: (k: string) => `${f.weekday(this.date(Number(k)))}\n${f.dayMonth(this.date(Number(k)))}` } },
        yAxis: { type: "value", splitLine: SPLIT, axisLabel: { ...AXIS_LABEL, formatter: (x: number) => f.shortUnits(x) } },
        tooltip: { ...TIP, trigger: "axis", formatter: (e: { dataIndex: number }[]) => this.tip(e[0].dataIndex) },
        series: [
          ...bands,
          { name: w("median"), type: "line", data: this.part(d.median), symbol: "none", lineStyle: { color: ACCENT, width: 2 }, itemStyle: { color: ACCENT } },
          { name: w("actual"), type: "line", data: actual.map((x, k) => (hidden.has(k) ? null : x)), symbolSize: 5, symbol: "circle", connectNulls: false, lineStyle: { color: INK, width: 1.5 }, itemStyle: { color: INK } },
          { name: w("hidden"), type: "scatter", data: marks, symbol: "diamond", symbolSize: 9, itemStyle: { color: UNSERVED } },
        ],
      },
      REPLACE,
    );
  }

  private tip(k: number): string {
    const d = this.days!;
    const at = this.origin * this.horizon + k;
    const figure = (x: number | null): string => (x === null ? "–" : f.num(x));
    const came = d.hidden.includes(at) ? tipRow(w("hidden"), figure(d.actual[at]), UNSERVED) : tipRow(w("actual"), figure(d.actual[at]), INK);
    const rows = BANDS.map(({ p, lo, hi, colour }) => tipRow(w("band", { p }), `${figure(d[lo][at])} – ${figure(d[hi][at])}`, colour));
    return `<b>${f.dayLong(this.date(k))}</b><table>${came}${tipRow(w("median"), figure(d.median[at]), ACCENT)}${rows.join("")}</table>`;
  }
}

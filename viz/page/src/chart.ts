// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of ECharts that the page uses, and the shared look of its charts.

import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  AxisPointerComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import * as core from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { esc } from "./dom";
import { INK, LINE, MUTED } from "./palette";

core.use([
  AriaComponent,
  AxisPointerComponent,
  BarChart,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  ScatterChart,
  TooltipComponent,
]);

export type Chart = core.ECharts;
export const FONT =
  'Inter, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export function makeChart(el: HTMLElement): Chart {
  return core.init(el, undefined, { renderer: "canvas" });
}

export const TEXT = { fontFamily: FONT, color: INK, fontSize: 12 };
export const AXIS_LABEL = { color: MUTED, fontFamily: FONT, fontSize: 11 };
export const SPLIT = { lineStyle: { color: "#edf1f4" } };
export const AXIS_LINE = { lineStyle: { color: LINE } };
export const TIP = {
  backgroundColor: "#ffffff",
  borderColor: LINE,
  padding: [8, 11],
  textStyle: { ...TEXT },
  extraCssText: "box-shadow:0 6px 22px rgba(22,32,43,.14);border-radius:8px",
  confine: true,
};
/** A new option replaces what is drawn but keeps the tip, which may be about to show. */
export const REPLACE = { replaceMerge: ["series", "xAxis", "yAxis", "grid"] };
/** Stacked bars by day with a legend below and one tip a day. */
export function dayBars(o: { title: string; left: number; names: string[]; days: string[]; yAxis: object; tip: (day: number) => string; series: object[] }): object {
  return {
    ...CALM,
    aria: { enabled: true, label: { description: o.title } },
    grid: { left: o.left, right: 8, top: 8, bottom: 56 },
    legend: { bottom: 0, left: 0, itemWidth: 11, itemHeight: 11, itemGap: 11, textStyle: { ...TEXT, fontSize: 11.5, color: MUTED }, data: o.names },
    xAxis: { type: "category", data: o.days, axisLabel: { ...AXIS_LABEL, hideOverlap: true }, axisTick: { show: false } },
    yAxis: { type: "value", splitLine: SPLIT, ...o.yAxis },
    tooltip: { ...TIP, trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: "rgba(22,32,43,.04)" } }, formatter: (e: { dataIndex: number }[]) => o.tip(e[0].dataIndex) },
    series: o.series,
  };
}

/** A row of a chart's tip: a dot of the colour, a name, a figure. */
export function tipRow(name: string, figure: string, colour: string): string {
  return `<tr><td><span class="dot" style="background:${colour}"></span> ${esc(name)}</td><td class="num">${figure}</td></tr>`;
}

/** Still charts: nothing moves when the planner only changes the day. */
export const CALM = { animation: false, textStyle: TEXT };

// SPDX-License-Identifier: GPL-3.0-or-later
// What is in a vault at night, by denomination, under the value that is insured.

import type { App, View } from "./app";
import { AXIS_LABEL, dayBars, makeChart, REPLACE, tipRow, type Chart } from "./chart";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { FAINT, NOTES, UNSERVED } from "./palette";

type Bar = { name: string; colour: string; minor: number[] };

export class StockView implements View {
  private chart?: Chart;
  private vault = -1;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { stock, vaults } = this.app.plan;
    const known = [...new Set(stock.vault)];
    if (known.length === 0) {
      fill(byId("stock-bar"));
      fill(this.el, h("p", { class: "empty" }, t("stock_none")));
      return;
    }
    if (!known.includes(this.vault)) this.vault = known[0];
    const pick = h("select", { id: "stock-vault", "aria-label": t("vault"), onchange: () => {
      this.vault = Number(pick.value);
      this.draw();
    } }, known.map((v) => h("option", { value: String(v), selected: v === this.vault }, vaults.code[v])));
    fill(byId("stock-bar"), known.length > 1 && pick);
    this.plot(this.bars());
  }

  /** Denominations from the greatest value down, then what waits. */
  private bars(): Bar[] {
    const { stock, denoms, nDays } = this.app.plan;
    const rows = stock.day.map((_, k) => k).filter((k) => stock.vault[k] === this.vault);
    const used = [...new Set(rows.map((k) => stock.denom[k]))].sort((a, b) => denoms.value_minor[b] - denoms.value_minor[a]);
    const waiting: Bar = { name: t("stock_waiting"), colour: FAINT, minor: Array(nDays).fill(0) };
    const bars = used.map((d, k): Bar => ({ name: denoms.code[d], colour: NOTES[k % NOTES.length], minor: Array(nDays).fill(0) }));
    for (const k of rows) {
      const value = denoms.value_minor[stock.denom[k]];
      bars[used.indexOf(stock.denom[k])].minor[stock.day[k]] = stock.usable_notes[k] * value;
      waiting.minor[stock.day[k]] += stock.waiting_notes[k] * value;
    }
    return [...bars, waiting];
  }

  /** Insured value at night, minor units; 0 = not limited. */
  private insured(): number {
    const { limits } = this.app.plan;
    const k = limits.kind.findIndex((kind, i) => kind === "vault_value" && limits.vault[i] === this.vault);
    return k >= 0 ? limits.cap[k] : 0;
  }

  private plot(bars: Bar[]): void {
    const { meta, nDays } = this.app.plan;
    const days = Array.from({ length: nDays }, (_, d) => f.dateOf(meta.first_day, d));
    const insured = this.insured();
    const most = Math.max(...days.map((_, d) => bars.reduce((sum, b) => sum + Math.max(0, b.minor[d]), 0)));
    const tight = insured > 0 && insured < 2 * most; // further up the line would only flatten the bars
    this.el.style.height = "230px";
    if (!this.chart) this.chart = makeChart(this.el);
    else this.chart.resize();
    const line = { silent: true, symbol: "none", lineStyle: { color: UNSERVED }, label: { show: false }, data: [{ yAxis: f.major(insured) }] };
    const series = bars.map((b, k) => ({ name: b.name, type: "bar", stack: "stock", barWidth: "62%", itemStyle: { color: b.colour }, data: b.minor.map((v) => f.major(v)), markLine: tight && k === 0 ? line : undefined }));
    const tip = (d: number): string => {
      const row = (name: string, minor: number, c: string): string => tipRow(name, f.whole(minor), c);
      const sum = bars.reduce((s, b) => s + b.minor[d], 0);
      return `<b>${esc(f.dayLong(days[d]))}</b><table class="tip-table">${bars.map((b) => row(b.name, b.minor[d], b.colour)).join("")}<tr class="sum"><td>${t("total")}</td><td class="num">${f.whole(sum)}${insured > 0 ? ` / ${f.short(insured)}` : ""}</td></tr></table>`;
    };
    const yAxis = { max: tight ? f.major(Math.max(insured, most)) : undefined, axisLabel: { ...AXIS_LABEL, formatter: (v: number) => f.shortUnits(v) } };
    this.chart.setOption(dayBars({ title: t("stock_title"), left: 52, names: bars.map((b) => b.name), days: days.map((d) => f.dayMonth(d)), yAxis, tip, series }) as never, REPLACE);
  }

  resize(): void {
    this.chart?.resize();
  }
}

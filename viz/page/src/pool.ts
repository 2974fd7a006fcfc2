// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cassettes of a vault and model are, day by day, while the cars are on the road.

import type { App, View } from "./app";
import { AXIS_LABEL, dayBars, makeChart, REPLACE, tipRow, type Chart } from "./chart";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { t, type Word } from "./i18n";
import { POOL, UNSERVED } from "./palette";

const STATES = ["full", "in_transit", "uncounted", "empty", "borrowed"] as const;
type State = (typeof STATES)[number];
const word = (state: State): string => t(`pool_${state}` as Word);
const colour = (state: State): string => (state === "borrowed" ? UNSERVED : POOL[state]);

export class PoolView implements View {
  private chart?: Chart;
  private shown = "";

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  /** Vault and model of a row as one key. */
  private key(k: number): string {
    const { pool, vaults, models } = this.app.plan;
    return `${vaults.code[pool.vault[k]]} · ${models.code[pool.model[k]]}`;
  }

  draw(): void {
    const { pool } = this.app.plan;
    const keys = [...new Set(pool.day.map((_, k) => this.key(k)))];
    if (keys.length === 0) {
      fill(byId("pool-bar"));
      fill(this.el, h("p", { class: "empty" }, t("pool_none")));
      return;
    }
    if (!keys.includes(this.shown)) this.shown = keys[0];
    const pick = h("select", { id: "pool-model", "aria-label": t("model"), onchange: () => {
      this.shown = pick.value;
      this.draw();
    } }, keys.map((k) => h("option", { value: k, selected: k === this.shown }, k)));
    fill(byId("pool-bar"), pick);
    this.plot(pool.day.map((_, k) => k).filter((k) => this.key(k) === this.shown));
  }

  private plot(rows: number[]): void {
    const { pool, meta } = this.app.plan;
    this.el.style.height = "230px";
    if (!this.chart) this.chart = makeChart(this.el);
    else this.chart.resize();
    const used = STATES.filter((s) => s !== "borrowed" || rows.some((k) => pool.borrowed[k] > 0));
    // What is borrowed is among those on the road and uncounted: drawn as a line, not on top.
    const series = used.map((s) => ({
      name: word(s), type: s === "borrowed" ? "line" : "bar", stack: s === "borrowed" ? undefined : "pool", barWidth: "62%", symbolSize: 6,
      itemStyle: { color: colour(s) }, lineStyle: { color: colour(s) }, data: rows.map((k) => pool[s][k]),
    }));
    const tip = (i: number): string => {
      const k = rows[i];
      const line = (name: string, n: number, c: string): string => tipRow(name, f.num(n), c);
      return `<b>${esc(f.dayLong(f.dateOf(meta.first_day, pool.day[k])))}</b><table class="tip-table">${used.map((s) => line(word(s), pool[s][k], colour(s))).join("")}${line(t("pool_in_machine"), pool.in_machine[k], "#ffffff")}</table>`;
    };
    const days = rows.map((k) => f.dayMonth(f.dateOf(meta.first_day, pool.day[k])));
    const yAxis = { minInterval: 1, axisLabel: AXIS_LABEL };
    this.chart.setOption(dayBars({ title: t("pool"), left: 44, names: used.map(word), days, yAxis, tip, series }) as never, REPLACE);
  }

  resize(): void {
    this.chart?.resize();
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Cost by item, this plan above the rules it is compared with.

import type { App, View } from "./app";
import { AXIS_LABEL, CALM, makeChart, REPLACE, SPLIT, TEXT, TIP, type Chart } from "./chart";
import { esc } from "./dom";
import * as f from "./format";
import { t, tName } from "./i18n";
import { INK, itemColour, MUTED } from "./palette";

export class CostView implements View {
  private chart?: Chart;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { cost } = this.app.plan;
    this.el.style.height = `${cost.policies.length * 58 + 124}px`;
    if (!this.chart) this.chart = makeChart(this.el);
    else this.chart.resize();
    const used = cost.items.map((name, k) => ({ name, k })).filter(({ k }) => cost.policies.some((p) => p.item_minor[k] !== 0));
    const ours = cost.policies[0]?.total_minor ?? 0;
    const label = (k: number): string => {
      const p = cost.policies[k];
      const rel = k > 0 && ours > 0 ? `  {d|${f.signedPct((100 * (p.total_minor - ours)) / ours)}}` : "";
      return `{b|${f.whole(p.total_minor)}}${rel}`;
    };
    const series: object[] = used.map(({ name, k }) => ({
      name: tName("item", name), type: "bar", stack: "cost", barWidth: 26,
      itemStyle: { color: itemColour(name), borderColor: "#fff", borderWidth: 0.6 }, emphasis: { focus: "series" },
      data: cost.policies.map((p) => f.major(p.item_minor[k])),
    }));
    series.push({
      name: "total", type: "bar", stack: "cost", silent: true, data: cost.policies.map(() => 0), tooltip: { show: false },
      label: { show: true, position: "right", formatter: (e: { dataIndex: number }) => label(e.dataIndex), rich: { b: { ...TEXT, fontWeight: 600 }, d: { ...TEXT, color: MUTED, fontSize: 11 } } },
    });
    const most = Math.max(1, ...cost.policies.map((p) => f.major(p.total_minor)));
    this.chart.setOption(
      {
        ...CALM,
        aria: { enabled: true, label: { description: t("cost") } },
        grid: { left: 128, right: 12, top: 4, bottom: 96 },
        legend: { bottom: 0, left: 0, right: 0, itemWidth: 11, itemHeight: 11, itemGap: 11, textStyle: { ...TEXT, fontSize: 11.5, color: MUTED }, data: used.map(({ name }) => tName("item", name)) },
        xAxis: { type: "value", max: most * 1.24, axisLabel: { ...AXIS_LABEL, formatter: (v: number) => (v > most * 1.12 ? "" : f.shortUnits(v)), hideOverlap: true }, splitLine: SPLIT },
        yAxis: {
          type: "category", inverse: true, data: cost.policies.map((_, k) => k), axisLine: { show: false }, axisTick: { show: false },
          axisLabel: {
            align: "left", margin: 120,
            formatter: (k: string) => {
              const p = cost.policies[Number(k)];
              return `{b|${tName("policy", p.policy)}}\n{d|${t("service_short", { p: f.pct(p.service_pct, 2) })}}`;
            },
            rich: { b: { ...TEXT, fontWeight: 600, color: INK, lineHeight: 17 }, d: { ...TEXT, fontSize: 11, color: MUTED, lineHeight: 15 } },
          },
        },
        tooltip: { ...TIP, trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: "rgba(22,32,43,.04)" } }, formatter: (e: { dataIndex: number }[]) => this.tip(e[0].dataIndex, used.map((u) => u.k)) },
        series,
      } as never,
      REPLACE,
    );
  }

  resize(): void {
    this.chart?.resize();
  }

  private tip(k: number, items: number[]): string {
    const { cost } = this.app.plan;
    const p = cost.policies[k];
    const rows = items
      .filter((i) => p.item_minor[i] !== 0)
      .map((i) => `<tr><td><span class="dot" style="background:${itemColour(cost.items[i])}"></span> ${esc(tName("item", cost.items[i]))}</td><td class="num">${f.amount(p.item_minor[i])}</td></tr>`);
    return `<b>${esc(tName("policy", p.policy))}</b> <span class="muted">${t("n_visits", { n: f.num(p.n_visits) })}</span><table class="tip-table">${rows.join("")}<tr class="sum"><td>${t("total")}</td><td class="num">${f.amount(p.total_minor)} ${esc(f.currency())}</td></tr></table>`;
  }
}

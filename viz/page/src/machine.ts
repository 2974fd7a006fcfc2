// SPDX-License-Identifier: GPL-3.0-or-later
// One machine or branch: forecast with its interval, planned stock, visits and what they load.

import type { App, View } from "./app";
import { AXIS_LABEL, AXIS_LINE, CALM, makeChart, REPLACE, SPLIT, TIP, type Chart } from "./chart";
import { capacityMinor, loadsEnd } from "./data";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { t, type Word } from "./i18n";
import { ACCENT, FAINT, KIND, MUTED } from "./palette";

export class MachineView implements View {
  private chart?: Chart;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (this.chart && (now.point !== before.point || now.day !== before.day)) this.paint();
    });
  }

  draw(): void {
    if (!this.chart) {
      this.chart = makeChart(this.el);
      this.chart.getZr().on("click", (e) => this.clickDay(e.offsetX, e.offsetY));
    }
    this.drawFinder();
    this.paint();
  }

  resize(): void {
    this.chart?.resize();
  }

  private clickDay(x: number, y: number): void {
    for (const grid of [0, 1]) {
      if (!this.chart!.containPixel({ gridIndex: grid }, [x, y])) continue;
      const at = this.chart!.convertFromPixel({ gridIndex: grid }, [x, y]);
      const day = Math.round(at[0]);
      if (day >= 0 && day < this.app.plan.nDays) this.app.store.set({ day, route: -1 });
    }
  }

  private drawFinder(): void {
    const { plan, store } = this.app;
    const names = plan.points.code.map((code, p) => `${code} · ${plan.points.name[p] || plan.sites.name[plan.points.site[p]]}`);
    const list = h("datalist", { id: "machine-list" }, names.map((value) => h("option", { value })));
    const input = h("input", {
      type: "search", id: "machine-find", list: "machine-list", placeholder: t("machine_find"), "aria-label": t("machine_find"), autocomplete: "off",
      onchange: () => {
        const text = input.value.trim();
        const exact = names.indexOf(text);
        const low = text.toLowerCase();
        const point = exact >= 0 ? exact : low === "" ? -1 : names.findIndex((n) => n.toLowerCase().includes(low));
        if (point >= 0) {
          store.set({ point, site: plan.points.site[point] });
          input.value = "";
        }
      },
    });
    fill(byId("machine-finder"), input, list);
  }

  private paint(): void {
    const { plan, store } = this.app;
    const { point } = store.get();
    const none = byId("machine-none");
    const has = point >= 0 && plan.series.stock_mean.length > 0;
    none.hidden = has;
    this.el.style.visibility = has ? "visible" : "hidden";
    none.textContent = point < 0 ? t("machine_none") : t("no_series");
    this.paintFacts(point);
    if (has) this.paintChart(point);
  }

  private paintFacts(point: number): void {
    const { plan } = this.app;
    if (point < 0) {
      fill(byId("machine-facts"));
      fill(byId("machine-loads"));
      return;
    }
    const site = plan.points.site[point];
    const kind = t(plan.points.kind[point] ? "branch_cap" : "atm_cap");
    const where = [plan.sites.district[site], plan.sites.address[site]].filter(Boolean).join(" · ");
    const name = plan.points.name[point] || plan.sites.name[site];
    fill(
      byId("machine-facts"),
      h("div", { class: "fact-head" }, h("span", { class: "tag" }, kind), h("b", {}, plan.points.code[point]), h("span", {}, name)),
      where && h("div", { class: "muted" }, where),
      this.achieved(point),
      this.siblings(site, point),
    );
    fill(byId("machine-loads"), this.visitCards(point));
  }

  /** What its loads keep until the next visit, on paths that they were not chosen on. */
  private achieved(point: number): HTMLElement | null {
    const s = this.app.plan.service;
    const fresh = s.fresh_pct[point] ?? null;
    if (fresh === null) return null;
    const asked = s.asked_pct[point];
    const less = s.step_less_pct[point];
    const value = `${f.pct(fresh, 2)} ± ${f.pct(s.error_pct[point] ?? 0, 2)}`;
    return h(
      "div",
      { class: "muted", id: "machine-service" },
      t(asked === null ? "achieved_free" : "achieved", { v: value, a: f.pct(asked ?? 0, 2) }),
      less !== null && ` · ${t("achieved_less", { v: f.pct(less, 2) })}`,
    );
  }

  private siblings(site: number, point: number): HTMLElement | null {
    const { plan, store } = this.app;
    const here = plan.pointsOfSite[site];
    if (here.length < 2) return null;
    return h(
      "div",
      { class: "chips" },
      here.map((p) => h("button", { type: "button", class: "chip", "aria-pressed": p === point ? "true" : "false", onclick: () => store.set({ point: p, site }) }, plan.points.code[p])),
    );
  }

  private visitCards(point: number): HTMLElement[] {
    const { plan, store } = this.app;
    const visits = plan.visitsOfPoint[point];
    if (visits.length === 0) return [h("p", { class: "muted" }, t("no_visits_point"))];
    return visits.map((v) => {
      const day = plan.visits.day[v];
      const kind = plan.visits.kind[v];
      const date = f.dateOf(plan.meta.first_day, day);
      const stop = plan.visits.stop[v];
      const car = plan.visits.by_branch[v] ? t("by_branch") : stop >= 0 ? `${plan.cars.code[plan.routes.car[plan.routeOfStop[stop]]]} ${f.clock(plan.stops.arrive_min[stop])}` : "–";
      const until = plan.visits.until[v];
      const next = until < plan.nDays ? f.dayMonth(f.dateOf(plan.meta.first_day, until)) : t("after_horizon");
      return h(
        "details",
        { class: "visit-card", open: day === store.get().day },
        h(
          "summary",
          {},
          h("span", { class: "dot", style: { background: KIND[kind] } }),
          h("b", {}, f.dayLong(date)),
          h("span", {}, t(`kind_${kind}` as "kind_0")),
          h("span", { class: "num push" }, f.whole(plan.visits.load_minor[v])),
        ),
        h("div", { class: "muted" }, `${car} · ${t("next_visit")} ${next}`),
        this.loadTable(v),
      );
    });
  }

  private loadTable(v: number): HTMLElement {
    const { plan } = this.app;
    const rows: HTMLElement[] = [];
    for (let k = plan.visits.first_load[v]; k < loadsEnd(plan, v); k++) {
      const c = plan.loads.channel[k];
      rows.push(
        h(
          "tr",
          {},
          h("td", {}, plan.denoms.code[plan.channels.denom[c]]),
          h("td", {}, t(`role_${plan.channels.role[c]}` as Word)),
          h("td", { class: "num" }, plan.visits.kind[v] === 3 && !plan.loads.swapped[k] ? t("kept") : f.num(plan.loads.load_notes[k])),
          h("td", { class: "num" }, f.num(plan.channels.capacity_notes[c])),
          h("td", { class: "num" }, f.num(plan.loads.return_notes[k])),
        ),
      );
    }
    const head = [t("denomination"), "", t("notes"), t("capacity"), t("ret")];
    return h("table", { class: "plain" }, h("thead", {}, h("tr", {}, head.map((x, k) => h("th", { class: k > 1 ? "num" : "" }, x)))), h("tbody", {}, rows));
  }

  private paintChart(point: number): void {
    const { plan, store } = this.app;
    const n = plan.nDays;
    const at = point * n;
    const days = Array.from({ length: n }, (_, k) => k);
    const part = (column: number[]): number[] => days.map((k) => f.major(column[at + k]));
    const s = plan.series;
    const q10 = part(s.demand_q10);
    const band = part(s.demand_q90).map((x, k) => x - q10[k]);
    const visits = plan.visitsOfPoint[point];
    const cap = f.major(capacityMinor(plan, point));
    const stock = part(s.stock_mean);
    const deposits = part(s.deposit_mean);
    const hasDeposits = deposits.some((x) => x > 0);
    const axis = (grid: number, labels: boolean): object => ({
      type: "category", gridIndex: grid, data: days, boundaryGap: true, axisLine: AXIS_LINE, axisTick: { show: false },
      axisLabel: { ...AXIS_LABEL, show: labels, interval: n > 20 ? "auto" : 0, formatter: (k: string) => { const d = f.dateOf(plan.meta.first_day, Number(k)); return `${f.weekday(d)}\n${d.getUTCDate()}`; }, lineHeight: 14 },
    });
    const value = (grid: number, name: string): object => ({
      type: "value", gridIndex: grid, name, nameLocation: "end", nameTextStyle: { ...AXIS_LABEL, align: "left", padding: [0, 0, 0, -44] }, nameGap: 8,
      axisLabel: { ...AXIS_LABEL, formatter: (x: number) => f.shortUnits(x) }, splitLine: SPLIT, splitNumber: 3,
    });
    const line = (name: string, data: number[], grid: number, colour: string, more: object = {}): object => ({
      name, type: "line", data, xAxisIndex: grid, yAxisIndex: grid, symbol: "none", lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour }, ...more,
    });
    this.chart!.setOption(
      {
        ...CALM,
        aria: { enabled: true, label: { description: `${plan.points.code[point]}: ${t("stock")}, ${t("demand")}` } },
        axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: FAINT } },
        grid: [{ left: 56, right: 14, top: 30, height: 132 }, { left: 56, right: 14, top: 206, height: 98 }],
        xAxis: [axis(0, false), axis(1, true)],
        yAxis: [value(0, t("stock")), value(1, t("demand"))],
        tooltip: { ...TIP, trigger: "axis", formatter: (e: { dataIndex: number }[]) => this.tip(point, e[0].dataIndex) },
        series: [
          line(t("stock_mean"), stock, 0, ACCENT, {
            areaStyle: { color: ACCENT, opacity: 0.09 },
            markLine: {
              symbol: "none", silent: true, animation: false,
              data: [
                ...(cap > 0 && cap < 4 * Math.max(1, ...stock) ? [{ yAxis: cap, lineStyle: { color: FAINT, type: "dashed" }, label: { formatter: t("capacity"), position: "insideEndTop", color: MUTED, fontSize: 10.5 } }] : []),
                { xAxis: store.get().day, lineStyle: { color: "#16202b", opacity: 0.25, width: 1, type: "solid" }, label: { show: false } },
              ],
            },
          }),
          line(t("stock_low"), part(s.stock_low), 0, ACCENT, { lineStyle: { color: ACCENT, width: 1.2, type: [4, 3] } }),
          {
            name: "visits", type: "scatter", xAxisIndex: 0, yAxisIndex: 0, symbol: "diamond", symbolSize: 13, z: 5,
            data: visits.map((v) => ({ value: [plan.visits.day[v], stock[plan.visits.day[v]]], itemStyle: { color: KIND[plan.visits.kind[v]], borderColor: "#fff", borderWidth: 1.5 } })),
          },
          line("q10", q10, 1, "transparent", { stack: "band", lineStyle: { opacity: 0 } }),
          line("q90", band, 1, "transparent", { stack: "band", lineStyle: { opacity: 0 }, areaStyle: { color: "#2463c9", opacity: 0.14 } }),
          line(t("demand_mean"), part(s.demand_mean), 1, "#2463c9"),
          ...(hasDeposits ? [line(t("deposits"), deposits, 1, "#12917a", { lineStyle: { color: "#12917a", width: 1.6, type: [2, 2] } })] : []),
        ],
      } as never,
      REPLACE,
    );
    this.keys(hasDeposits);
  }

  private keys(hasDeposits: boolean): void {
    const key = (cls: string, colour: string, word: string): HTMLElement => h("span", { class: "key" }, h("span", { class: cls, style: { color: colour } }), word);
    fill(
      byId("machine-keys"),
      key("stroke", ACCENT, t("stock_mean")),
      key("stroke dash", ACCENT, t("stock_low")),
      key("stroke", "#2463c9", t("demand_mean")),
      key("band", "#2463c9", t("demand_band")),
      hasDeposits && key("stroke dash", "#12917a", t("deposits")),
    );
  }

  private tip(point: number, k: number): string {
    const { plan } = this.app;
    const i = point * plan.nDays + k;
    const s = plan.series;
    const row = (name: string, value: string): string => `<tr><td>${name}</td><td class="num">${value}</td></tr>`;
    const v = plan.visitsOfPoint[point].find((x) => plan.visits.day[x] === k);
    const visit = v === undefined ? "" : `<div class="tip-row"><span class="dot" style="background:${KIND[plan.visits.kind[v]]}"></span>${t(`kind_${plan.visits.kind[v]}` as "kind_0")} ${f.whole(plan.visits.load_minor[v])}</div>`;
    const dep = s.deposit_mean[i] > 0 ? row(t("deposits"), f.whole(s.deposit_mean[i])) : "";
    return `<b>${f.dayLong(f.dateOf(plan.meta.first_day, k))}</b>${visit}<table class="tip-table">${row(t("stock_mean"), f.whole(s.stock_mean[i]))}${row(t("stock_low"), f.whole(s.stock_low[i]))}${row(t("demand_mean"), f.whole(s.demand_mean[i]))}${row(t("demand_band"), `${f.whole(s.demand_q10[i])} – ${f.whole(s.demand_q90[i])}`)}${dep}</table>`;
  }
}

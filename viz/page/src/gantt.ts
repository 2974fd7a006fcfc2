// SPDX-License-Identifier: GPL-3.0-or-later
// One bar a car through the day: driving, waiting, service by kind of work.

import type { App, View } from "./app";
import { AXIS_LABEL, AXIS_LINE, CALM, makeChart, REPLACE, SPLIT, TIP, type Chart } from "./chart";
import { stopsEnd } from "./data";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { carColour, KIND, MUTED } from "./palette";

const DRIVE = "#c3cdd8";
const WAIT = "#f0e2c4";
const SHIFT = "#f1f5f8";

/** [row, from, to, what (-3 shift, -2 drive, -1 wait, 0.. kind), stop, route] */
type Bar = [number, number, number, number, number, number];

export class GanttView implements View {
  private chart?: Chart;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (!this.chart) return;
      if (now.day !== before.day || now.route !== before.route || now.site !== before.site) this.paint();
    });
  }

  draw(): void {
    if (!this.chart) {
      this.chart = makeChart(this.el);
      this.chart.on("click", (e) => this.click(e.data as Bar));
    }
    const key = (colour: string, word: string): HTMLElement =>
      h("span", { class: "key" }, h("span", { class: "bar", style: { background: colour } }), word);
    fill(
      byId("gantt-keys"),
      key(DRIVE, t("drive")),
      key(WAIT, t("wait")),
      KIND.map((c, k) => key(c, t(`kind_${k}` as "kind_0"))),
      key(SHIFT, t("shift")),
    );
    this.paint();
  }

  resize(): void {
    this.chart?.resize();
  }

  private click(bar: Bar): void {
    const { plan, store } = this.app;
    const [, , , , stop, route] = bar;
    if (stop < 0) {
      store.set({ route });
      return;
    }
    const visits = plan.visitsOfStop.get(stop) ?? [];
    store.set({ route, site: plan.stops.site[stop], point: visits.length ? plan.visits.point[visits[0]] : -1 });
  }

  private bars(routes: number[]): Bar[] {
    const { plan } = this.app;
    const bars: Bar[] = [];
    routes.forEach((r, row) => {
      const car = plan.routes.car[r];
      bars.push([row, plan.cars.shift_start_min[car], plan.cars.shift_end_min[car], -3, -1, r]);
      let now = plan.routes.depart_min[r];
      for (let s = plan.routes.first_stop[r]; s < stopsEnd(plan, r); s++) {
        const { arrive_min, start_min, leave_min } = plan.stops;
        if (arrive_min[s] > now) bars.push([row, now, arrive_min[s], -2, -1, r]);
        if (start_min[s] > arrive_min[s]) bars.push([row, arrive_min[s], start_min[s], -1, s, r]);
        const kinds = (plan.visitsOfStop.get(s) ?? []).map((v) => plan.visits.kind[v]);
        bars.push([row, start_min[s], leave_min[s], kinds.length ? Math.min(...kinds) : 0, s, r]);
        now = leave_min[s];
      }
      if (plan.routes.return_min[r] > now) bars.push([row, now, plan.routes.return_min[r], -2, -1, r]);
    });
    return bars;
  }

  private paint(): void {
    const { plan, store } = this.app;
    const { day, route, site } = store.get();
    const routes = plan.routesOfDay[day];
    const row = routes.length > 24 ? 20 : routes.length > 12 ? 24 : 30;
    this.el.style.height = `${routes.length * row + 46}px`;
    this.chart!.resize();
    const bars = this.bars(routes);
    const from = Math.min(480, ...bars.map((b) => b[1]));
    const to = Math.max(1020, ...bars.map((b) => b[2]));
    const colour = (what: number): string => (what === -3 ? SHIFT : what === -2 ? DRIVE : what === -1 ? WAIT : KIND[what]);
    this.chart!.setOption(
      {
        ...CALM,
        aria: { enabled: true, label: { description: t("gantt") } },
        grid: { left: 92, right: 18, top: 6, bottom: 28 },
        xAxis: {
          type: "value", min: Math.floor(from / 60) * 60, max: Math.ceil(to / 60) * 60, interval: 60,
          axisLabel: { ...AXIS_LABEL, formatter: (m: number) => f.clock(m), hideOverlap: true }, splitLine: SPLIT, axisLine: AXIS_LINE, axisTick: { show: false },
        },
        yAxis: {
          type: "category", inverse: true, data: routes.map((r) => plan.cars.code[plan.routes.car[r]]),
          axisLabel: { ...AXIS_LABEL, color: MUTED, fontWeight: 600, width: 80, overflow: "truncate" }, axisLine: { show: false }, axisTick: { show: false },
        },
        tooltip: { ...TIP, trigger: "item", formatter: (e: { data: Bar }) => this.tip(e.data) },
        series: [{
          type: "custom", data: bars, encode: { x: [1, 2], y: 0 }, clip: true,
          renderItem: (_: unknown, api: { value(k: number): number; coord(v: number[]): number[]; size(v: number[]): number[] }) => {
            const what = api.value(3), r = api.value(5), stop = api.value(4);
            const a = api.coord([api.value(1), api.value(0)]), b = api.coord([api.value(2), api.value(0)]);
            const band = Math.min(30, api.size([0, 1])[1]);
            const tall = what === -3 ? band * 0.86 : what === -2 ? band * 0.22 : band * 0.62;
            const picked = stop >= 0 && what >= 0 && plan.stops.site[stop] === site;
            return {
              type: "rect",
              shape: { x: a[0] + (what >= 0 ? 0.5 : 0), y: a[1] - tall / 2, width: Math.max(1, b[0] - a[0] - (what >= 0 ? 1 : 0)), height: tall, r: what >= 0 || what === -3 ? 2.5 : 0 },
              style: { fill: what === -2 && route === r ? carColour(api.value(0)) : colour(what), opacity: route >= 0 && route !== r && what !== -3 ? 0.28 : 1, stroke: picked ? "#16202b" : undefined, lineWidth: picked ? 2.2 : 0 },
              silent: what === -3,
            };
          },
        }],
      } as never,
      REPLACE,
    );
  }

  private tip(bar: Bar): string {
    const { plan } = this.app;
    const [, from, to, what, stop, route] = bar;
    const span = `<span class="muted">${f.clock(from)}–${f.clock(to)} · ${f.duration(to - from)}</span>`;
    const car = esc(plan.cars.code[plan.routes.car[route]]);
    if (what === -2) return `<b>${car}</b> · ${t("drive")}<br>${span}`;
    const site = plan.stops.site[stop];
    const rows = (plan.visitsOfStop.get(stop) ?? []).map((v) => {
      const kind = plan.visits.kind[v];
      return `<div class="tip-row"><span class="dot" style="background:${KIND[kind]}"></span><span>${esc(plan.points.code[plan.visits.point[v]])}</span><span class="muted">${t(`kind_${kind}` as "kind_0")} ${f.short(plan.visits.load_minor[v])}</span></div>`;
    });
    const board = `<div class="muted">${t("on_board")}: ${f.short(plan.stops.on_board_minor[stop])} ${f.currency()}</div>`;
    return `<b>${esc(plan.sites.name[site] || plan.sites.code[site])}</b><br>${car} · ${what === -1 ? t("wait") : t("service")}<br>${span}${rows.join("")}${what === -1 ? "" : board}`;
  }
}

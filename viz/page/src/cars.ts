// SPDX-License-Identifier: GPL-3.0-or-later
// The cars of the day; of a picked car its stops.

import type { App, View } from "./app";
import { stopsEnd } from "./data";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { carColour, KIND, UNSERVED } from "./palette";

export class CarsView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (now.day !== before.day || now.route !== before.route) this.draw();
      else if (now.site !== before.site) this.mark();
    });
  }

  draw(): void {
    const { route } = this.app.store.get();
    if (route >= 0) this.drawRoute(route);
    else this.drawList();
    this.mark();
  }

  private mark(): void {
    const { site } = this.app.store.get();
    for (const el of this.el.querySelectorAll<HTMLElement>("[data-site]")) {
      const on = Number(el.dataset.site) === site;
      el.classList.toggle("picked", on);
      if (on) el.scrollIntoView({ block: "nearest" });
    }
  }

  private boardMeter(route: number): HTMLElement {
    const { plan } = this.app;
    const limit = plan.cars.insured_minor[plan.routes.car[route]];
    const most = plan.routes.most_minor[route];
    const share = limit > 0 ? most / limit : 0;
    return h("span", { class: "meter", title: `${t("most_on_board")} ${f.short(most)} / ${f.short(limit)}` }, h("span", { style: { width: `${Math.min(100, share * 100).toFixed(1)}%`, background: share > 1 ? UNSERVED : "#7f93a6" } }));
  }

  private drawList(): void {
    const { plan, store } = this.app;
    const { day } = store.get();
    const routes = plan.routesOfDay[day];
    byId("cars-title").textContent = t("cars_of_day");
    byId("cars-sub").textContent = f.dayLong(f.dateOf(plan.meta.first_day, day));
    if (routes.length === 0) {
      fill(this.el, h("p", { class: "empty" }, t("no_cars")));
      return;
    }
    const rows = routes.map((r, k) => {
      const n = stopsEnd(plan, r) - plan.routes.first_stop[r];
      const over = plan.routes.overtime_min[r];
      const trips = plan.routes.trips[r];
      return h(
        "button",
        { type: "button", class: "car", onclick: () => store.set({ route: r }) },
        h("span", { class: "stripe", style: { background: carColour(k) } }),
        h("span", { class: "car-name" }, plan.cars.code[plan.routes.car[r]], h("small", {}, `${f.clock(plan.routes.depart_min[r])}–${f.clock(plan.routes.return_min[r])}${trips > 1 ? ` · ${t("trips", { n: trips })}` : ""}`)),
        h("span", { class: "num" }, t("n_stops", { n }), h("small", {}, f.km(plan.routes.dist_m[r]))),
        h("span", { class: "num board" }, f.short(plan.routes.most_minor[r]), this.boardMeter(r)),
        over > 0 && h("span", { class: "tag warn", title: t("overtime") }, `+${over}′`),
      );
    });
    fill(this.el, h("div", { class: "car-list" }, rows));
  }

  private drawRoute(r: number): void {
    const { plan, store } = this.app;
    const day = plan.routes.day[r];
    const car = plan.routes.car[r];
    byId("cars-title").textContent = plan.cars.code[car];
    byId("cars-sub").textContent = `${f.dayLong(f.dateOf(plan.meta.first_day, day))} · ${plan.cars.carrier[car]}`;
    const fact = (name: string, value: string): HTMLElement => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    const facts = [
      fact(t("depart"), f.clock(plan.routes.depart_min[r])),
      fact(t("returns"), f.clock(plan.routes.return_min[r])),
      fact(t("distance"), f.km(plan.routes.dist_m[r])),
      fact(t("drive"), f.duration(plan.routes.drive_s[r] / 60)),
      fact(t("service"), f.duration(plan.routes.service_min[r])),
      fact(t("wait"), f.duration(plan.routes.wait_min[r])),
      fact(t("most_on_board"), f.short(plan.routes.most_minor[r])),
      fact(t("insured"), f.short(plan.cars.insured_minor[car])),
    ];
    if (plan.routes.overtime_min[r] > 0) facts.push(fact(t("overtime"), f.duration(plan.routes.overtime_min[r])));
    const roles = plan.cars.roles[car].split(";").filter(Boolean).join(", ");
    const estimated = plan.routes.estimated_legs[r];
    fill(
      this.el,
      h("button", { type: "button", class: "quiet back", onclick: () => store.set({ route: -1 }) }, `‹ ${t("back")}`),
      h("dl", { class: "facts" }, facts),
      roles && h("p", { class: "muted small" }, `${t("crew")}: ${roles}`),
      estimated > 0 && h("p", { class: "muted small" }, t("estimated_of", { n: estimated, m: plan.routes.legs[r] })),
      h("ol", { class: "stop-list" }, this.stopRows(r, carColour(plan.routesOfDay[day].indexOf(r)))),
    );
  }

  private stopRows(r: number, colour: string): HTMLElement[] {
    const { plan, store } = this.app;
    const rows: HTMLElement[] = [];
    let n = 0;
    for (let s = plan.routes.first_stop[r]; s < stopsEnd(plan, r); s++) {
      const site = plan.stops.site[s];
      const visits = plan.visitsOfStop.get(s) ?? [];
      const wait = plan.stops.start_min[s] - plan.stops.arrive_min[s];
      const load = visits.reduce((sum, v) => sum + plan.visits.load_minor[v], 0);
      rows.push(
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "stop", "data-site": site, onclick: () => store.set({ site, point: visits.length ? plan.visits.point[visits[0]] : -1 }) },
            h("span", { class: "no", style: { background: colour } }, ++n),
            h("span", { class: "stop-name" }, plan.sites.name[site] || plan.sites.code[site], h("small", {}, visits.map((v) => h("span", { class: "key" }, h("span", { class: "dot small", style: { background: KIND[plan.visits.kind[v]] } }), plan.points.code[plan.visits.point[v]])))),
            h("span", { class: "num" }, f.clock(plan.stops.arrive_min[s]), h("small", {}, `–${f.clock(plan.stops.leave_min[s])}${wait > 0 ? ` (${wait}′)` : ""}`)),
            h("span", { class: "num" }, f.short(load), h("small", { title: t("on_board") }, f.short(plan.stops.on_board_minor[s]))),
          ),
        ),
      );
    }
    return rows;
  }
}

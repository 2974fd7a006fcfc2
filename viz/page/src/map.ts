// SPDX-License-Identifier: GPL-3.0-or-later
// Sites, vaults and routes over the stored road links or a graticule: Leaflet on one canvas, no tiles.

import L from "leaflet";
import type { App, View } from "./app";
import { coverDays, stopsEnd } from "./data";
import { byId, esc, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { carColour, COVER, IDLE, KIND, UNSERVED, VAULT } from "./palette";
import { pinsOf, pinWhat, pinWhy } from "./pins";
import { drawRoads, Graticule, placeNames } from "./map_ground";

type Mode = "visits" | "cover";

export class MapView implements View {
  private map!: L.Map;
  private canvas!: L.Canvas;
  private dots: L.CircleMarker[] = [];
  private routes = L.layerGroup();
  private numbers = L.layerGroup();
  private ring?: L.CircleMarker;
  private names = L.layerGroup();
  private vaults = L.layerGroup();
  private mode: Mode = "visits";
  private bounds!: L.LatLngBounds;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (!this.map) return;
      if (now.day !== before.day || now.route !== before.route) this.drawDay();
      else if (now.site !== before.site || now.point !== before.point) this.drawRing();
      if (now.route !== before.route) this.showRoute(now.route);
    });
  }

  draw(): void {
    if (!this.map) this.create();
    this.drawVaults();
    this.drawBar();
    this.drawDay();
  }

  resize(): void {
    this.map.invalidateSize();
  }

  private create(): void {
    const { plan } = this.app;
    const corners: [number, number][] = plan.sites.lat.map((lat, s) => [lat, plan.sites.lon[s]]);
    plan.vaults.lat.forEach((lat, v) => corners.push([lat, plan.vaults.lon[v]]));
    this.bounds = L.latLngBounds(corners.length ? corners : [[0, 0]]);
    this.map = L.map(this.el, {
      preferCanvas: true,
      attributionControl: false,
      zoomSnap: 0.1,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 100,
      minZoom: 3,
      maxZoom: 18,
    });
    this.map.fitBounds(this.bounds, { padding: [18, 18] });
    this.canvas = L.canvas({ padding: 0.3 });
    if (!drawRoads(plan, this.map)) new Graticule().addTo(this.map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    for (const layer of [this.routes, this.names, this.vaults, this.numbers]) layer.addTo(this.map);
    this.createDots();
    placeNames(plan, this.names, this.map);
  }

  private createDots(): void {
    const { plan, store } = this.app;
    this.dots = plan.sites.code.map((_, s) => {
      const dot = L.circleMarker([plan.sites.lat[s], plan.sites.lon[s]], {
        renderer: this.canvas,
        radius: 4,
        weight: 1,
        color: "#fff",
        fillOpacity: 1,
      });
      dot.bindTooltip(() => this.tip(s), { direction: "top", offset: [0, -6] });
      dot.on("click", () => {
        const point = this.firstPoint(s);
        store.set({ site: s, point });
      });
      return dot.addTo(this.map);
    });
  }

  private firstPoint(site: number): number {
    const { plan, store } = this.app;
    const here = plan.pointsOfSite[site];
    const day = store.get().day;
    return here.find((p) => plan.visitsOfPoint[p].some((v) => plan.visits.day[v] === day)) ?? here[0] ?? -1;
  }

  private tip(s: number): HTMLElement {
    const { plan, store } = this.app;
    const day = store.get().day;
    const rows = plan.pointsOfSite[s].slice(0, 8).flatMap((p) => {
      const v = plan.visitsOfPoint[p].find((x) => plan.visits.day[x] === day);
      const cover = coverDays(plan, p, day);
      const row = h(
        "div",
        { class: "tip-row" },
        h("span", { class: "dot", style: { background: v === undefined ? IDLE : KIND[plan.visits.kind[v]] } }),
        h("span", {}, plan.points.code[p]),
        h("span", { class: "muted" }, v === undefined ? (Number.isNaN(cover) ? "" : `${f.num(cover, 1)} ${t("days")}`) : `${t(`kind_${plan.visits.kind[v]}` as "kind_0")} ${f.short(plan.visits.load_minor[v])}`),
      );
      return [row, ...pinsOf(plan, p, day).map((k) => h("div", { class: "tip-pin" }, h("b", {}, pinWhat(plan, k)), h("span", {}, pinWhy(plan, k))))];
    });
    return h("div", {}, h("b", {}, plan.sites.name[s] || plan.sites.code[s]), rows);
  }

  private drawVaults(): void {
    const { plan } = this.app;
    this.vaults.clearLayers();
    plan.vaults.code.forEach((code, v) => {
      const status = plan.vaults.status[v];
      const icon = L.divIcon({
        className: `vault-mark ${esc(status)}`,
        html: '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M2.5 8.2 10 3l7.5 5.2V17h-15z"/><path class="door" d="M7 17v-5.5h6V17z"/></svg>',
        iconSize: [22, 22],
      });
      const name = plan.vaults.name[v] || code;
      const marker = L.marker([plan.vaults.lat[v], plan.vaults.lon[v]], { icon, keyboard: false, title: name });
      const word = t(`vault_${status}` as "vault_existing");
      if (status === "existing")
        marker.bindTooltip(name, { permanent: true, direction: "right", offset: [10, 0], className: "vault-name" });
      else marker.bindTooltip(`${esc(name)} · ${word}`, { direction: "top", offset: [0, -8] });
      this.vaults.addLayer(marker);
    });
  }

  private drawBar(): void {
    const { plan } = this.app;
    const button = (mode: Mode, text: string): HTMLElement =>
      h("button", { type: "button", "aria-pressed": this.mode === mode ? "true" : "false", onclick: () => {
        this.mode = mode;
        this.drawBar();
        this.colourDots();
      } }, text);
    const swatch = (colour: string, text: string, small = false): HTMLElement =>
      h("span", { class: "key" }, h("span", { class: small ? "dot small" : "dot", style: { background: colour } }), text);
    const keys =
      this.mode === "visits"
        ? [...KIND.map((c, k) => swatch(c, t(`kind_${k}` as "kind_0"))), swatch(UNSERVED, t("unserved")), swatch(IDLE, t("no_visit"), true)]
        : COVER.map((c, k) => swatch(c, t((["cover_lt2", "cover_lt4", "cover_lt7", "cover_ge7"] as const)[k])));
    const hasSeries = plan.series.stock_mean.length > 0;
    fill(byId("map-bar"), h("span", { class: "seg", role: "group" }, button("visits", t("map_visits")), hasSeries && button("cover", t("map_cover"))), h("span", { class: "keys" }, keys), h("button", { type: "button", class: "quiet", onclick: () => this.map.fitBounds(this.bounds, { padding: [18, 18] }) }, t("map_fit")));
    const left = plan.roads.left_out;
    byId("map-note").textContent = plan.roads.from.length
      ? t("map_roads") + (left > 0 ? ` · ${t("map_thinned", { n: f.num(left) })}` : "")
      : "";
  }

  private drawDay(): void {
    this.colourDots();
    this.drawRoutes();
    this.drawRing();
  }

  private colourDots(): void {
    const { plan, store } = this.app;
    const day = store.get().day;
    const kind = new Int8Array(plan.sites.code.length).fill(-1);
    for (const v of plan.visitsOfDay[day]) {
      const s = plan.points.site[plan.visits.point[v]];
      const k = plan.visits.kind[v];
      if (kind[s] < 0 || k < kind[s]) kind[s] = k;
    }
    const missed = new Set(plan.unservedOfDay[day].map((u) => plan.points.site[plan.unserved.point[u]]));
    this.dots.forEach((dot, s) => {
      let colour = IDLE;
      let radius = 3;
      if (this.mode === "cover") {
        colour = this.coverColour(s, day);
        radius = 4.5;
      } else if (missed.has(s)) {
        colour = UNSERVED;
        radius = 6.5;
      } else if (kind[s] >= 0) {
        colour = KIND[kind[s]];
        radius = 5.5;
      }
      dot.setStyle({ fillColor: colour, weight: radius > 4 ? 1.2 : 0.6 });
      dot.setRadius(radius);
    });
    for (let s = 0; s < kind.length; s++) if (kind[s] >= 0 || missed.has(s)) this.dots[s].bringToFront();
  }

  private coverColour(s: number, day: number): string {
    const { plan } = this.app;
    const cover = Math.min(...plan.pointsOfSite[s].map((p) => coverDays(plan, p, day)));
    return COVER[cover < 2 ? 0 : cover < 4 ? 1 : cover < 7 ? 2 : 3];
  }

  private line(route: number): [number, number][] {
    const { plan } = this.app;
    const v = plan.routes.vault[route];
    const home: [number, number] = [plan.vaults.lat[v], plan.vaults.lon[v]];
    const closed = !plan.routes.open[route];
    const path: [number, number][] = closed ? [home] : [];
    let trip = 0;
    for (let s = plan.routes.first_stop[route]; s < stopsEnd(plan, route); s++) {
      if (plan.stops.trip[s] !== trip) {
        trip = plan.stops.trip[s];
        path.push(home);
      }
      const site = plan.stops.site[s];
      path.push([plan.sites.lat[site], plan.sites.lon[site]]);
    }
    if (closed) path.push(home);
    return path;
  }

  private drawRoutes(): void {
    const { plan, store } = this.app;
    const { day, route: picked } = store.get();
    this.routes.clearLayers();
    this.numbers.clearLayers();
    const order = [...plan.routesOfDay[day]].sort((a, b) => Number(a === picked) - Number(b === picked));
    for (const r of order) {
      const on = r === picked;
      const faded = picked >= 0 && !on;
      const path = this.line(r);
      const colour = carColour(plan.routesOfDay[day].indexOf(r));
      if (on) L.polyline(path, { renderer: this.canvas, color: "#fff", weight: 7, opacity: 0.9, interactive: false }).addTo(this.routes);
      const line = L.polyline(path, {
        renderer: this.canvas,
        color: colour,
        weight: on ? 3.6 : 2,
        opacity: faded ? 0.16 : on ? 1 : 0.7,
        lineJoin: "round",
      });
      line.bindTooltip(`${esc(plan.cars.code[plan.routes.car[r]])} · ${f.km(plan.routes.dist_m[r])}`, { sticky: true });
      line.on("click", () => store.set({ route: on ? -1 : r }));
      this.routes.addLayer(line);
      if (!faded) this.arrows(path, colour, on);
    }
    if (picked >= 0) this.numberStops(picked);
    for (const dot of this.dots) if (dot.getRadius() > 4) dot.bringToFront();
  }

  /** A small arrow head in the middle of the longer legs shows the direction. */
  private arrows(path: [number, number][], colour: string, strong: boolean): void {
    for (let k = 1; k < path.length; k++) {
      const a = this.map.project(path[k - 1], 16);
      const b = this.map.project(path[k], 16);
      const far = a.distanceTo(b);
      if (far < (strong ? 25 : 120)) continue;
      const deg = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      const mid = this.map.unproject(a.add(b).divideBy(2), 16);
      const icon = L.divIcon({
        className: "arrow",
        html: `<svg viewBox="-5 -5 10 10" style="transform:rotate(${deg.toFixed(0)}deg)"><path d="M-3-3.6 3.6 0-3 3.6z" fill="${colour}"/></svg>`,
        iconSize: strong ? [14, 14] : [10, 10],
      });
      L.marker(mid, { icon, interactive: false, keyboard: false }).addTo(this.numbers);
    }
  }

  private numberStops(route: number): void {
    const { plan, store } = this.app;
    const colour = carColour(plan.routesOfDay[plan.routes.day[route]].indexOf(route));
    let n = 0;
    for (let s = plan.routes.first_stop[route]; s < stopsEnd(plan, route); s++) {
      const site = plan.stops.site[s];
      const icon = L.divIcon({ className: "stop-no", html: `<span style="background:${colour}">${++n}</span>`, iconSize: [18, 18] });
      const mark = L.marker([plan.sites.lat[site], plan.sites.lon[site]], { icon, keyboard: false });
      mark.bindTooltip(() => this.tip(site), { direction: "top", offset: [0, -8] });
      mark.on("click", () => store.set({ site, point: this.firstPoint(site) }));
      this.numbers.addLayer(mark);
    }
  }

  private drawRing(): void {
    const { plan, store } = this.app;
    this.ring?.remove();
    this.ring = undefined;
    const s = store.get().site;
    if (s < 0) return;
    const at: [number, number] = [plan.sites.lat[s], plan.sites.lon[s]];
    this.ring = L.circleMarker(at, { renderer: this.canvas, radius: 12, weight: 3, color: VAULT, fill: false, interactive: false }).addTo(this.map);
    if (!this.map.getBounds().pad(-0.05).contains(at)) this.map.panTo(at);
  }

  private showRoute(route: number): void {
    if (route < 0) return;
    const bounds = L.latLngBounds(this.line(route));
    if (!this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { padding: [30, 30] });
  }
}

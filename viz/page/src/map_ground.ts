// SPDX-License-Identifier: GPL-3.0-or-later
// What lies under the sites: the road links stored with the network, or a graticule with names.

import L from "leaflet";
import type { Plan } from "./data";
import { esc } from "./dom";

/** Road links as one pale layer below all else; false when the network has none. */
export function drawRoads(plan: Plan, map: L.Map): boolean {
  const r = plan.roads;
  if (r.from.length === 0) return false;
  const pane = map.createPane("roads");
  pane.style.zIndex = "250";
  pane.style.pointerEvents = "none";
  const renderer = L.canvas({ pane: "roads", padding: 0.2 });
  const at: [number, number][] = [];
  let lat = 0;
  let lon = 0;
  for (let k = 0; k < r.lat.length; k++) {
    lat += r.lat[k];
    lon += r.lon[k];
    at.push([lat / 1e5, lon / 1e5]);
  }
  const lines: [number, number][][] = [];
  let a = 0;
  let b = 0;
  for (let k = 0; k < r.from.length; k++) {
    a += r.from[k];
    b += r.to[k];
    lines.push([at[a], at[b]]);
  }
  // One multi-line: a single canvas path however many links there are.
  L.polyline(lines, {
    renderer, pane: "roads", color: "#cfd6dd", weight: 1.1, opacity: 1, interactive: false, smoothFactor: 0.6,
  }).addTo(map);
  return true;
}

const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** Meridians and parallels at a round step, labelled at the edge. */
export class Graticule extends L.Layer {
  private group = L.layerGroup();
  private leaf?: L.Map;

  onAdd(map: L.Map): this {
    this.leaf = map;
    if (!map.getPane("grid")) {
      const pane = map.createPane("grid");
      pane.style.zIndex = "250";
      pane.style.pointerEvents = "none";
    }
    this.group.addTo(map);
    map.on("moveend zoomend resize", this.update, this);
    this.update();
    return this;
  }

  onRemove(map: L.Map): this {
    map.off("moveend zoomend resize", this.update, this);
    this.group.remove();
    return this;
  }

  private update(): void {
    const map = this.leaf;
    if (!map) return;
    this.group.clearLayers();
    const view = map.getBounds();
    const wide = view.getEast() - view.getWest();
    const step = STEPS.find((s) => wide / s >= 5) ?? STEPS[STEPS.length - 1];
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    const style: L.PolylineOptions = { pane: "grid", color: "#dbe2e9", weight: 1, interactive: false };
    const label = (lat: number, lon: number, text: string, side: string): void => {
      const icon = L.divIcon({ className: `grid-label ${side}`, html: text, iconSize: [0, 0] });
      L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "grid" }).addTo(this.group);
    };
    const deg = (v: number, pos: string, neg: string): string => `${Math.abs(v).toFixed(digits)}°${v < 0 ? neg : pos}`;
    for (let k = Math.ceil(view.getWest() / step); k * step <= view.getEast(); k++) {
      L.polyline([[view.getSouth(), k * step], [view.getNorth(), k * step]], style).addTo(this.group);
      label(view.getNorth(), k * step, deg(k * step, "E", "W"), "top");
    }
    for (let k = Math.ceil(view.getSouth() / step); k * step <= view.getNorth(); k++) {
      L.polyline([[k * step, view.getWest()], [k * step, view.getEast()]], style).addTo(this.group);
      label(k * step, view.getEast(), deg(k * step, "N", "S"), "right");
    }
  }
}

/** District names at the middle of their sites; those that would overlap a larger one wait for a
 * closer view. */
export function placeNames(plan: Plan, group: L.LayerGroup, map: L.Map): void {
  const found = new Map<string, number[]>();
  plan.sites.district.forEach((name, s) => {
    if (!name) return;
    const list = found.get(name);
    if (list) list.push(s);
    else found.set(name, [s]);
  });
  const middle = (list: number[], of: number[]): number => {
    const sorted = list.map((s) => of[s]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  const places = [...found.entries()]
    .map(([name, list]) => ({ name, n: list.length, at: L.latLng(middle(list, plan.sites.lat), middle(list, plan.sites.lon)) }))
    .sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
  const draw = (): void => {
    group.clearLayers();
    const taken: L.Bounds[] = [];
    for (const place of places) {
      const half = 4 * place.name.length + 8;
      const p = map.latLngToContainerPoint(place.at);
      const box = L.bounds([p.x - half, p.y - 10], [p.x + half, p.y + 10]);
      if (taken.some((other) => other.intersects(box))) continue;
      taken.push(box);
      const icon = L.divIcon({ className: "place-name", html: esc(place.name), iconSize: [0, 0] });
      L.marker(place.at, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(group);
    }
  };
  map.on("zoomend", draw);
  draw();
}

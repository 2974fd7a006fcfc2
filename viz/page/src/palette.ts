// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, one meaning each. Kinds differ in lightness too, so that they hold in grey print.

export const INK = "#16202b";
export const MUTED = "#5d6b7a";
export const LINE = "#dfe5eb";
export const FAINT = "#b9c4cf";
export const ACCENT = "#0b5c6b";

export const KIND = ["#2463c9", "#12917a", "#e0912b", "#8fb4ea"];
export const UNSERVED = "#cc3340";
export const IDLE = "#a9b5c1";
export const VAULT = "#16202b";

export const COVER = ["#c9302c", "#ec9a3c", "#8ab6a4", "#2f7f86"];

/** Cars: twelve well separated hues of one strength, then the same darker. */
const CARS = [
  "#2463c9", "#c2410c", "#12806a", "#9333a8", "#b8860b", "#0e7fa8",
  "#c02660", "#5b7a12", "#6b4fd0", "#8a5a34", "#3c6e71", "#d0552f",
];
export function carColour(k: number): string {
  const base = CARS[k % CARS.length];
  const turn = Math.floor(k / CARS.length) % 3;
  if (turn === 0) return base;
  const f = turn === 1 ? 0.72 : 1.28;
  const part = (at: number): string =>
    Math.min(235, Math.round(parseInt(base.slice(at, at + 2), 16) * f))
      .toString(16)
      .padStart(2, "0");
  return `#${part(1)}${part(3)}${part(5)}`;
}

export const ITEM: Record<string, string> = {
  hold: "#2463c9",
  cash_out: "#cc3340",
  emergency: "#e8747c",
  stop_site: "#0f766e",
  stop_machine: "#4fa89d",
  stop_value: "#9bd0c7",
  pack: "#b7791f",
  sort: "#d9a94e",
  branch_fill: "#12917a",
  overtime_pack_sort: "#ecd093",
  outsourced_sort: "#d9b86a",
  relief: "#7f1d1d",
  car_day: "#5b3f9e",
  km: "#8567c4",
  hour: "#ac94dc",
  overtime_hour: "#d3c6ee",
  orders: "#64748b",
  cross_ship: "#475569",
  vault_hold: "#94a3b8",
};
export const NOTES = ["#2463c9", "#0f766e", "#8567c4", "#d9a94e", "#9bd0c7", "#ac94dc"];
export const POOL = { full: "#2463c9", in_transit: "#8567c4", uncounted: "#d9a94e", empty: "#cfd8e0" };
export const itemColour = (name: string): string => ITEM[name] ?? FAINT;

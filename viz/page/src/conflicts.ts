// SPDX-License-Identifier: GPL-3.0-or-later
// What the plan could not keep: which limit, for whom, and the ways out, the cheapest first.

import type { App, View } from "./app";
import type { Conflict, Way } from "./data";
import { fill, h } from "./dom";
import * as f from "./format";
import { t, tName } from "./i18n";
import { isMoney } from "./panels";

const MOST_USERS = 8;
const MOST_WAYS = 4;

export class ConflictsView implements View {
  private all = new Set<Conflict>();

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { studied, list } = this.app.plan.conflicts;
    if (list.length === 0) {
      fill(this.el, h("p", { class: studied ? "empty good" : "empty" }, t(studied ? "conflicts_none" : "conflicts_unknown")));
      return;
    }
    fill(this.el, h("ol", { class: "conflicts" }, list.map((c) => this.one(c))));
  }

  private day(d: number): string {
    return d < 0 ? t("conflict_opening") : f.dayLong(f.dateOf(this.app.plan.meta.first_day, d));
  }

  private amount(c: Conflict, x: number): string {
    return isMoney(c.kind) ? `${f.short(x)} ${f.currency()}` : f.num(x);
  }

  private one(c: Conflict): HTMLElement {
    const shown = this.all.has(c) ? c.ways : c.ways.slice(0, MOST_WAYS);
    const rest = c.ways.length - shown.length;
    const more = h("button", { type: "button", class: "link", onclick: () => {
      this.all.add(c);
      this.draw();
    } }, t("conflict_more_ways", { n: f.num(c.ways.length) }));
    return h(
      "li",
      { "data-kind": c.kind },
      h("div", { class: "conflict-head" }, h("b", {}, this.name(c)), " · ", this.day(c.day), c.vault >= 0 && ` · ${this.app.plan.vaults.code[c.vault]}`, c.point >= 0 && " · ", c.point >= 0 && this.pick(c)),
      h("div", { class: "muted small" }, this.facts(c)),
      shown.length > 0 && h("ul", { class: "ways" }, shown.map((w, k) => h("li", { class: k === 0 ? "cheapest" : "" }, h("span", {}, this.words(c, w)), h("span", { class: "num" }, this.cost(w))))),
      rest > 0 && more,
    );
  }

  private name(c: Conflict): string {
    return tName("limit", c.kind) + (c.item ? ` ${c.item}` : "");
  }

  private pick(c: Conflict): HTMLElement {
    const { plan, store } = this.app;
    const go = (): void => store.set({ day: Math.max(0, Math.min(plan.nDays - 1, c.day)), route: -1, point: c.point, site: plan.points.site[c.point] });
    return h("button", { type: "button", class: "link", onclick: go }, plan.points.code[c.point]);
  }

  private facts(c: Conflict): string {
    if (c.kind === "unserved") return c.reason;
    if (c.kind === "service_level") return t("conflict_missed");
    if (c.kind === "late_order") return t("conflict_late", { n: f.num(c.use), d: f.num(c.over) });
    if (c.kind === "likeness") return this.alike(c);
    const users = c.user.slice(0, MOST_USERS).map((who, k) => `${who} ${this.amount(c, c.user_use[k])}`);
    if (c.user.length > MOST_USERS) users.push(t("conflict_more", { n: f.num(c.user.length - MOST_USERS) }));
    return [t("conflict_use", { u: this.amount(c, c.use), c: this.amount(c, c.cap), o: this.amount(c, c.over) }), users.length > 0 ? t("conflict_users", { w: users.join(", ") }) : ""].filter(Boolean).join("; ");
  }

  /** What comes again on a day too much like an earlier one. */
  private alike(c: Conflict): string {
    const cut = (all: string[]): string => [...all.slice(0, MOST_USERS), all.length > MOST_USERS ? t("conflict_more", { n: f.num(all.length - MOST_USERS) }) : ""].filter(Boolean).join(", ");
    const ways = c.again.flatMap((from, k) => (k % 2 === 0 ? [`${from} – ${c.again[k + 1]}`] : []));
    return [
      t("conflict_alike", { p: f.pct(c.use / 1e4, 1), d: c.item, c: f.pct(c.cap / 1e4, 0) }),
      ways.length > 0 ? t("conflict_again", { w: cut(ways) }) : "",
      c.same_time.length > 0 ? t("conflict_same_time", { w: cut(c.same_time) }) : "",
    ].filter(Boolean).join("; ");
  }

  private cost(w: Way): string {
    return w.cost_minor < 0 ? t("way_saves", { m: f.amount(-w.cost_minor) }) : f.amount(w.cost_minor);
  }

  private words(c: Conflict, w: Way): string {
    if (w.way === "accept") return t("way_accept");
    if (w.way === "drive_otherwise") return [t("way_drive_otherwise", { p: f.pct(w.over / 1e4, 1) }), w.left > 0 ? t("way_points_left", { n: f.num(w.left) }) : ""].filter(Boolean).join("; ");
    const left = w.left > 0 ? t("way_left", { n: this.amount(c, w.left) }) : "";
    const misses = w.misses ? t("way_misses") : "";
    return [this.what(w), left, misses].filter(Boolean).join("; ");
  }

  private what(w: Way): string {
    const kind = w.kind >= 0 ? t(`kind_${w.kind}` as "kind_0") : "";
    const rules = w.rules.map((r) => tName("rule", r)).join(" + ");
    const move = (who: string, k: number): string => `${who} → ${w.to[k] < 0 ? t("way_no_visit") : f.dayMonth(f.dateOf(this.app.plan.meta.first_day, w.to[k]))}`;
    switch (w.way) {
      case "pay":
        return t("way_pay");
      case "unit":
        return t("way_unit");
      case "move":
        return t("way_move", { w: [...w.who.slice(0, MOST_USERS).map(move), w.who.length > MOST_USERS ? t("conflict_more", { n: f.num(w.who.length - MOST_USERS) }) : ""].filter(Boolean).join(", ") });
      case "visit":
        return w.day < 0 ? t("way_no_visit") : t("way_visit", { d: this.day(w.day), k: kind });
      case "rule":
        return t("way_rule", { r: w.code ? `${rules} (${w.code})` : rules, d: this.day(w.day), k: kind });
      default:
        return w.rules.length > 0 ? t("way_car_rule", { c: w.code, d: this.day(w.day), r: rules, n: this.over(w) }) : t("way_car", { c: w.code, d: this.day(w.day) });
    }
  }

  /** By how much a car's rule would have to give way; nothing for windows and volumes. */
  private over(w: Way): string {
    if (w.rules[0] === "shift") return ` (+${t("minutes_n", { n: f.num(w.over) })})`;
    return w.rules[0] === "insured_minor" ? ` (+${f.short(w.over)} ${f.currency()})` : "";
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What is different from the plan before: counts by kind, then every change of the day or of all days.

import type { App, View } from "./app";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { t } from "./i18n";
import { table } from "./panels";

const KINDS = ["new", "gone", "moved", "kind", "amount", "car"] as const;

export class ChangesView implements View {
  private allDays = false;
  private drawn = false;

  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (this.drawn && now.day !== before.day && !this.allDays) this.draw();
    });
  }

  draw(): void {
    const { changes } = this.app.plan;
    this.drawn = true;
    if (changes.plan_id === 0) {
      fill(byId("changes-bar"));
      fill(this.el, h("p", { class: "empty" }, t("changes_first")));
      return;
    }
    this.bar();
    const rows = changes.kind.map((_, k) => k).filter((k) => this.allDays || this.isToday(k));
    fill(
      this.el,
      h("p", { class: "muted small", id: "changes-sum" }, this.sum()),
      rows.length === 0
        ? h("p", { class: "empty good" }, t("changes_none"))
        : table(
            [{ title: t("day") }, { title: t("code") }, { title: t("change") }, { title: t("before") }, { title: t("now") }],
            rows.map((k) => this.row(k)),
            t("changes"),
          ),
    );
  }

  private bar(): void {
    const button = (all: boolean, text: string): HTMLElement =>
      h("button", { type: "button", "aria-pressed": this.allDays === all ? "true" : "false", onclick: () => {
        this.allDays = all;
        this.draw();
      } }, text);
    fill(byId("changes-bar"), h("span", { class: "seg", role: "group" }, button(false, t("this_day")), button(true, t("all_days"))));
  }

  private isToday(k: number): boolean {
    const { changes } = this.app.plan;
    const { day } = this.app.store.get();
    return changes.day[k] === day || changes.day_before[k] === day;
  }

  private sum(): string {
    const { changes } = this.app.plan;
    const counts = KINDS.map((kind) => [kind, changes.kind.filter((x) => x === kind).length] as const).filter(([, n]) => n > 0);
    const cost = `${changes.cost_minor > 0 ? "+" : ""}${f.amount(changes.cost_minor)} ${f.currency()}`;
    return [
      t("changes_against", { id: changes.plan_id, d: changes.n_days, n: f.num(changes.same) }),
      ...counts.map(([kind, n]) => `${t(`change_${kind}`)} ${f.num(n)}`),
      t("changes_cost", { c: cost }),
    ].join(" · ");
  }

  /** One side of a change; only what differs from the other side is said, and the day when it moved. */
  private side(k: number, now: boolean): string {
    const { plan } = this.app;
    const c = plan.changes;
    const day = now ? c.day[k] : c.day_before[k];
    if (day < 0) return t("no_visit");
    const visit = now ? c.visit[k] : c.visit_before[k];
    const load = now ? c.load_minor[k] : c.load_before_minor[k];
    const car = now ? c.car[k] : c.car_before[k];
    return [
      c.day[k] !== c.day_before[k] ? f.dayLong(f.dateOf(plan.meta.first_day, day)) : "",
      t(`kind_${visit}` as "kind_0"),
      f.amount(load),
      car >= 0 ? plan.cars.code[car] : "",
    ].filter(Boolean).join(", ");
  }

  private row(k: number): (HTMLElement | string)[] {
    const { plan, store } = this.app;
    const c = plan.changes;
    const day = c.day[k] >= 0 ? c.day[k] : c.day_before[k];
    const p = c.point[k];
    const link = h("button", { type: "button", class: "link", onclick: () => store.set({ day, route: -1, point: p, site: plan.points.site[p] }) }, plan.points.code[p]);
    return [f.dayLong(f.dateOf(plan.meta.first_day, day)), link, t(`change_${c.kind[k]}` as "change_new"), this.side(k, false), this.side(k, true)];
  }
}

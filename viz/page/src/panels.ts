// SPDX-License-Identifier: GPL-3.0-or-later
// The plain parts: limits, packing, orders, unserved visits, notes.

import type { App, View } from "./app";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { hasName, t, tName } from "./i18n";
import { INK, UNSERVED } from "./palette";

type Col = { title: string; num?: boolean };

export function table(cols: Col[], rows: (HTMLElement | string)[][], caption: string): HTMLElement {
  const cls = (c: number): string => (cols[c].num ? "num" : "");
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      { class: "plain" },
      h("thead", {}, h("tr", {}, cols.map((c, k) => h("th", { class: cls(k), scope: "col" }, c.title)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, k) => h("td", { class: cls(k) }, cell))))),
    ),
  );
}

const day = (app: App, d: number): string => f.dayLong(f.dateOf(app.plan.meta.first_day, d));
const vaultName = (app: App, v: number): string => (v >= 0 ? app.plan.vaults.code[v] : "–");
export const isMoney = (kind: string): boolean => kind === "value_out" || kind === "vault_value";

export class LimitsView implements View {
  private all = false;
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { limits } = this.app.plan;
    const rows = limits.kind.map((_, k) => k).filter((k) => this.all || this.binds(k));
    rows.sort((a, b) => (this.all ? limits.day[a] - limits.day[b] : limits.dual_minor[b] - limits.dual_minor[a]) || a - b);
    const button = (all: boolean, text: string): HTMLElement =>
      h("button", { type: "button", "aria-pressed": this.all === all ? "true" : "false", onclick: () => {
        this.all = all;
        this.draw();
      } }, text);
    fill(byId("limits-bar"), h("span", { class: "seg", role: "group" }, button(false, t("limits_binding")), button(true, t("limits_all"))));
    if (rows.length === 0) {
      fill(this.el, h("p", { class: "empty" }, t("limits_none")));
      return;
    }
    const cols: Col[] = [{ title: t("limit") }, { title: t("vault") }, { title: t("day") }, { title: t("use"), num: true }, { title: t("cap"), num: true }, { title: t("share") }, { title: `${t("worth")} (${f.currency()})`, num: true }];
    fill(this.el, table(cols, rows.map((k) => this.row(k)), t("limits")));
  }

  private binds(k: number): boolean {
    const { limits } = this.app.plan;
    // A note more saves the fee of an order on most days; it is short only where hardly any is left.
    if (limits.kind[k] === "vault_stock" && limits.relief[k] === 0 && limits.use[k] < 0.95 * limits.cap[k]) return false;
    return limits.dual_minor[k] > 0 || limits.relief[k] > 0 || limits.extra[k] > 0 || limits.outsourced[k] > 0 || (limits.cap[k] > 0 && limits.use[k] >= limits.cap[k]);
  }

  private row(k: number): (HTMLElement | string)[] {
    const { limits } = this.app.plan;
    const kind = limits.kind[k];
    const unit = (x: number): string => (isMoney(kind) ? f.short(x) : f.num(x));
    const share = limits.cap[k] > 0 ? limits.use[k] / limits.cap[k] : 0;
    const over = limits.relief[k] > 0 || share > 1.0000001;
    const name = tName("limit", kind) + (limits.item[k] ? ` ${limits.item[k]}` : "");
    // A limit in money is worth a share of itself; told by the million it can be read.
    const worth = isMoney(kind) ? limits.dual_minor[k] * 1e6 : f.major(limits.dual_minor[k]);
    const text = limits.dual_minor[k] <= 0 ? "–" : isMoney(kind) ? t("per_million", { n: f.sig(worth) }) : f.sig(worth);
    const bar = h("span", { class: "meter", title: f.pct(share * 100) }, h("span", { style: { width: `${Math.min(100, share * 100).toFixed(1)}%`, background: over ? UNSERVED : share >= 0.999 ? INK : "#7f93a6" } }));
    const dear = [limits.extra[k] > 0 ? `${t("overtime_part")} ${unit(limits.extra[k])}` : "", limits.outsourced[k] > 0 ? `${t("outsourced_part")} ${unit(limits.outsourced[k])}` : ""].filter(Boolean).join(", ");
    const use = dear ? h("span", {}, unit(limits.use[k]), h("span", { class: "muted" }, ` (${dear})`)) : unit(limits.use[k]);
    const cap = limits.relief[k] > 0 ? h("span", {}, unit(limits.cap[k]), h("span", { class: "warn" }, ` +${unit(limits.relief[k])}`)) : unit(limits.cap[k]);
    return [name, vaultName(this.app, limits.vault[k]), limits.day[k] >= 0 ? day(this.app, limits.day[k]) : "–", use, cap, bar, text];
  }
}

export class PackingView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (now.day !== before.day && this.el.childElementCount > 0) this.draw();
    });
  }

  draw(): void {
    const { plan, store } = this.app;
    const { packing } = plan;
    const rows = packing.day.map((_, k) => k).filter((k) => packing.day[k] === store.get().day);
    if (rows.length === 0) {
      fill(this.el, h("p", { class: "empty" }, t("packing_none")));
      return;
    }
    const cols: Col[] = [{ title: t("vault") }, { title: t("departure") }, { title: t("car") }, { title: t("model") }, { title: t("denomination") }, { title: t("cassettes"), num: true }, { title: t("notes"), num: true }, { title: t("value"), num: true }];
    let before = "";
    let boxes = 0;
    let value = 0;
    const cells = rows.map((k) => {
      const r = packing.route[k];
      const departure = `${r}/${packing.depart_min[k]}`;
      const same = departure === before;
      before = departure;
      const worth = packing.notes[k] * plan.denoms.value_minor[packing.denom[k]];
      boxes += packing.cassettes[k];
      value += worth;
      return [same ? "" : vaultName(this.app, packing.vault[k]), same ? "" : f.clock(packing.depart_min[k]), same ? "" : plan.cars.code[plan.routes.car[r]], packing.model[k] >= 0 ? `${plan.models.code[packing.model[k]]}${packing.role[k] === 1 ? ` (${t("role_1")})` : ""}` : t("loose"), plan.denoms.code[packing.denom[k]], packing.cassettes[k] ? f.num(packing.cassettes[k]) : "–", f.num(packing.notes[k]), f.whole(worth)];
    });
    cells.push([t("total"), "", "", "", "", f.num(boxes), "", f.whole(value)].map((x) => h("b", {}, x)) as never);
    fill(this.el, table(cols, cells, t("packing")));
  }
}

export class OrdersView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { plan } = this.app;
    const o = plan.orders;
    if (o.day.length === 0) {
      fill(this.el, h("p", { class: "empty" }, t("orders_none")));
      return;
    }
    const cols: Col[] = [{ title: t("vault") }, { title: t("placed") }, { title: t("due") }, { title: "" }, { title: t("denomination") }, { title: t("notes"), num: true }, { title: t("value"), num: true }];
    const rows = o.day.map((_, k) => [vaultName(this.app, o.vault[k]), day(this.app, o.day[k]), day(this.app, o.due[k]), t(o.notes[k] > 0 ? "order" : "lodge"), plan.denoms.code[o.denom[k]], f.num(Math.abs(o.notes[k])), f.whole(Math.abs(o.notes[k]) * plan.denoms.value_minor[o.denom[k]])]);
    fill(this.el, table(cols, rows, t("orders")));
  }
}

export class UnservedView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { plan, store } = this.app;
    const u = plan.unserved;
    if (u.day.length === 0) {
      fill(this.el, h("p", { class: "empty good" }, t("unserved_none")));
      return;
    }
    const rows = u.day.map((d, k) => {
      const p = u.point[k];
      const link = h("button", { type: "button", class: "link", onclick: () => store.set({ day: Math.max(0, Math.min(plan.nDays - 1, d)), route: -1, point: p, site: plan.points.site[p] }) }, plan.points.code[p]);
      return [day(this.app, d), link, plan.points.name[p], u.reason[k]];
    });
    fill(this.el, table([{ title: t("day") }, { title: t("code") }, { title: t("name") }, { title: t("reason") }], rows, t("unserved")));
  }
}

export class NotesView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { plan } = this.app;
    const n = plan.notes;
    const m = plan.meta;
    const relief = plan.limits.relief.filter((x) => x > 0).length;
    const overdue = plan.orders.day.filter((d) => d < 0).length;
    const stopped = m.stopped_by ? t("about_stopped", { s: tName("stopped", m.stopped_by) }) : "";
    const lines = [
      n.balances_rolled > 0 ? t("about_rolled", { n: f.num(n.balances_rolled) }) : t("about_no_rolled"),
      n.estimated_legs > 0 ? t("about_estimated", { n: f.num(n.estimated_legs), m: f.num(n.legs) }) : t("about_observed", { m: f.num(n.legs) }),
      n.values_repaired > 0 ? t("about_repaired", { n: f.num(n.values_repaired) }) : "",
      overdue > 0 ? t("about_overdue", { n: f.num(overdue) }) : "",
      relief > 0 ? t("about_relief", { n: f.num(relief) }) : "",
      t("about_returns", { p: f.pct(m.return_quantile_ppm / 1e4, 1) }),
      m.released_days === 1 ? t("about_advisory_1") : t("about_advisory", { n: m.released_days }),
      stopped,
      ...n.texts,
    ].filter(Boolean);
    const broken = n.violations.map((v) => h("li", { class: "warn" }, `${v.rule}: ${v.text}`));
    const more = n.n_violations - n.violations.length;
    fill(
      this.el,
      h("ul", { class: "notes" }, lines.map((x) => h("li", {}, x))),
      broken.length > 0 && h("div", {}, h("h3", {}, t("violations")), h("ul", { class: "notes" }, broken, more > 0 && h("li", {}, t("violations_more", { n: f.num(more) })))),
    );
  }
}

/** Costs and the bound have places of their own on the page. */
const ELSEWHERE = /^(cost_(?!per_)|bound_|gap_|route_bound_|plan_minor)/;

export class KpiView implements View {
  private scope = "total";
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {}

  draw(): void {
    const { kpis } = this.app.plan;
    const scopes = [...new Set(kpis.scope)].sort((a, b) => Number(b === "total") - Number(a === "total") || (a < b ? -1 : 1));
    const pick = h("select", { id: "kpi-scope", "aria-label": t("kpi_table"), onchange: () => {
      this.scope = pick.value;
      this.draw();
    } }, scopes.map((s) => h("option", { value: s, selected: s === this.scope }, s === "total" ? t("total") : s)));
    fill(byId("kpis-bar"), scopes.length > 1 && pick);
    const rows = kpis.name.map((_, k) => k).filter((k) => kpis.scope[k] === this.scope && !ELSEWHERE.test(kpis.name[k]));
    if (rows.length === 0) {
      fill(this.el, h("p", { class: "empty" }, t("no_rows")));
      return;
    }
    fill(this.el, h("dl", { class: "kpis" }, rows.map((k) => h("div", {}, h("dt", {}, this.name(kpis.name[k])), h("dd", { class: "num" }, this.value(kpis.name[k], kpis.value[k]))))));
  }

  private name(key: string): string {
    const name = tName("figure", key);
    return hasName("figure", key) ? name : name.replace(/ (pct|minor|km)$/, "");
  }

  private value(key: string, v: number): string {
    if (key.endsWith("_pct")) return f.pct(v, /_service_/.test(key) ? 2 : 1);
    if (key.endsWith("_minor")) return `${Math.abs(f.major(v)) >= 1e5 ? f.short(v) : f.amount(v)} ${f.currency()}`;
    if (key.endsWith("_km")) return `${f.num(v, 0)} km`;
    return f.num(v, Number.isInteger(v) ? 0 : Math.abs(v) < 10 ? 2 : 1);
  }
}

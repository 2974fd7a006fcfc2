// SPDX-License-Identifier: GPL-3.0-or-later
// Head of the page: whose plan, of which days, in what state, what is proved; key figures; the days.

import type { App, View } from "./app";
import { byId, fill, h } from "./dom";
import * as f from "./format";
import { lang, setLang, t, tName, type Lang } from "./i18n";
import { KIND } from "./palette";

export class HeadView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
    private languageChanged: () => void,
  ) {}

  draw(): void {
    const { plan } = this.app;
    const m = plan.meta;
    const first = f.dateOf(m.first_day, 0);
    const last = f.dateOf(m.first_day, m.n_days - 1);
    document.title = `${t("title")} ${f.iso(first)} · ${m.bank}`;
    const branches = plan.points.kind.filter((k) => k === 1).length;
    const vaults = plan.vaults.status.filter((s) => s === "existing").length;
    const size = t(vaults === 1 ? "points_line_1" : "points_line", { b: f.num(branches), a: f.num(plan.nPoints - branches), v: f.num(vaults) });
    const state = m.status;
    fill(
      this.el,
      h("div", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }), h("div", {}, h("h1", {}, m.bank || t("title")), h("div", { class: "muted" }, size))),
      h("div", { class: "period" }, h("div", { class: "big" }, `${f.dayLong(first)} – ${f.dayLong(last)} ${last.getUTCFullYear()}`), h("div", { class: "muted" }, `${t("plan")} ${m.plan_id} · ${m.n_days} ${t("days")} · ${t("made_in", { s: f.num(m.seconds, 1) })}`)),
      h("span", { class: `badge ${state}`, title: m.status.startsWith("proposed") ? t("status_hint") : undefined }, tName("status", m.status)),
      m.approved_by && h("span", { class: "muted small" }, t("approved_by", { who: m.approved_by })),
      h("div", { class: "tools" }, this.languages(), h("button", { type: "button", class: "quiet", onclick: () => window.print() }, t("print"))),
    );
    this.proof();
  }

  private languages(): HTMLElement {
    const one = (code: Lang, name: string): HTMLElement =>
      h("button", { type: "button", lang: code, "aria-pressed": lang() === code ? "true" : "false", onclick: () => {
        setLang(code);
        this.languageChanged();
      } }, name);
    return h("span", { class: "seg", role: "group", "aria-label": t("language"), id: "languages" }, one("en", "English"), one("zh", "中文"));
  }

  private proof(): void {
    const p = this.app.plan.meta.proof;
    const money = (x: number): string => `${f.amount(x)}\u202f${f.currency()}`;
    const text = p.has_bound
      ? t("proof_bound", { bound: money(p.bound_minor), plan: money(p.plan_minor), gap: f.gapPct(p.gap), n: f.num(p.n_paths), seed: p.seed })
      : t("proof_none");
    fill(byId("proof"), [text, ...this.routeProof(money)].join(" "));
  }

  /** What is proved of the routes: the bounded days together, then the others by their reason. */
  private routeProof(money: (x: number) => string): string[] {
    const b = this.app.plan.route_bounds;
    const all = b.day.map((_, k) => k);
    const known = all.filter((k) => b.no_bound[k] === "");
    const sum = (a: number[]): number => known.reduce((s, k) => s + a[k], 0);
    const [routed, bound] = [sum(b.routed_minor), sum(b.bound_minor)];
    const lines: string[] = [];
    if (known.length > 0)
      lines.push(t("proof_routes", { b: f.num(known.length), n: f.num(all.length), bound: money(bound), plan: money(routed), gap: f.gapPct(routed > 0 ? (routed - bound) / routed : 0), p: f.num(sum(b.proven)) }));
    for (const why of [...new Set(b.no_bound)].filter((x) => x !== ""))
      lines.push(t("proof_no_routes", { n: f.num(all.filter((k) => b.no_bound[k] === why).length), why: tName("no_bound", why) }));
    return lines;
  }
}

type Tile = { name: string; value: string; unit?: string; sub: string; bad?: boolean };

export class TilesView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (now.day !== before.day) this.draw();
    });
  }

  draw(): void {
    const tiles = [this.visits(), this.routes(), this.likeness(), this.board(), this.service(), this.cost(), this.gap(), this.routeGap(), this.cash(), this.unserved()];
    fill(
      this.el,
      tiles.map((x) => x && h("div", { class: x.bad ? "tile bad" : "tile" }, h("div", { class: "tile-name" }, x.name), h("div", { class: "tile-value" }, x.value, x.unit && h("small", {}, x.unit)), h("div", { class: "tile-sub" }, x.sub))),
    );
  }

  private visits(): Tile {
    const { plan, store } = this.app;
    const today = plan.visitsOfDay[store.get().day];
    const n = [0, 0, 0, 0];
    let byBranch = 0;
    for (const v of today) {
      n[plan.visits.kind[v]]++;
      byBranch += plan.visits.by_branch[v];
    }
    const date = f.dayMonth(f.dateOf(plan.meta.first_day, store.get().day));
    return { name: `${t("kpi_visits")} · ${date}`, value: f.num(today.length), unit: t("kpi_horizon", { n: f.num(plan.visits.day.length), d: plan.nDays }), sub: t("kpi_visits_sub", { s: n[0], a: n[1], p: n[2], q: n[3], b: byBranch }) };
  }

  private routes(): Tile {
    const { plan, store } = this.app;
    const today = plan.routesOfDay[store.get().day];
    const sum = (of: (r: number) => number): number => today.reduce((s, r) => s + of(r), 0);
    const minutes = sum((r) => plan.routes.drive_s[r] / 60 + plan.routes.wait_min[r] + plan.routes.service_min[r]);
    const date = f.dayMonth(f.dateOf(plan.meta.first_day, store.get().day));
    return { name: `${t("kpi_routes")} · ${date}`, value: f.num(today.length), sub: t("kpi_routes_sub", { km: f.km(sum((r) => plan.routes.dist_m[r])), h: f.duration(minutes) }) };
  }

  /** The vault whose routes of the day are the most alike with those of an earlier day. */
  private likeness(): Tile | null {
    const { plan, store } = this.app;
    const l = plan.likeness;
    const today = l.day.map((_, k) => k).filter((k) => l.day[k] === store.get().day);
    if (today.length === 0) return null;
    const k = today.reduce((a, b) => (l.likeness_ppm[b] > l.likeness_ppm[a] ? b : a));
    const part = (ppm: number): string => (ppm < 0 ? "–" : f.pct(ppm / 1e4, 0));
    const date = f.dayMonth(f.dateOf(plan.meta.first_day, store.get().day));
    const vault = plan.vaults.code.length > 1 ? `${plan.vaults.code[l.vault[k]]} · ` : "";
    const sub = t("kpi_likeness_sub", { w: part(l.ways_ppm[k]), o: part(l.order_ppm[k]), s: part(l.slots_ppm[k]), d: f.dayMonth(f.dateOf(plan.meta.first_day, l.with_day[k])), n: l.days[k] });
    return { name: `${t("kpi_likeness")} · ${date}`, value: f.pct(l.likeness_ppm[k] / 1e4, 1), unit: l.limit_pct[k] < 100 ? t("kpi_likeness_limit", { p: f.pct(l.limit_pct[k], 0) }) : undefined, sub: vault + sub, bad: today.some((i) => l.above_pct[i] > 0) };
  }

  private board(): Tile | null {
    const { plan, store } = this.app;
    let worst = -1;
    let share = -1;
    for (const r of plan.routesOfDay[store.get().day]) {
      const limit = plan.cars.insured_minor[plan.routes.car[r]];
      const s = limit > 0 ? plan.routes.most_minor[r] / limit : 0;
      if (s > share) [worst, share] = [r, s];
    }
    if (worst < 0) return { name: t("kpi_board"), value: "–", sub: t("no_cars") };
    const car = plan.routes.car[worst];
    return { name: t("kpi_board"), value: f.short(plan.routes.most_minor[worst]), unit: f.currency(), sub: t("kpi_board_sub", { p: f.pct(share * 100, 0), l: f.short(plan.cars.insured_minor[car]) }), bad: share > 1 };
  }

  private service(): Tile {
    const m = this.app.plan.meta;
    return { name: t("kpi_service"), value: f.pct(m.service_pct, 2), sub: t("kpi_service_sub", { p: f.pct(m.service_asked_pct, 1) }), bad: m.service_asked_pct > 0 && m.service_pct < m.service_asked_pct };
  }

  private cost(): Tile {
    const { cost } = this.app.plan;
    const ours = cost.policies[0];
    const naive = cost.policies.find((p) => p.policy === "naive") ?? cost.policies[1];
    const rel = naive && naive.total_minor > 0 ? (100 * (ours.total_minor - naive.total_minor)) / naive.total_minor : NaN;
    return { name: t("kpi_cost"), value: f.whole(ours.total_minor), unit: f.currency(), sub: naive ? t("kpi_cost_sub", { p: f.signedPct(rel), r: tName("policy", naive.policy).replace(/ rule$/, "") }) : "" };
  }

  private gap(): Tile | null {
    const p = this.app.plan.meta.proof;
    if (!p.has_bound) return null;
    return { name: t("kpi_gap"), value: f.gapPct(p.gap), sub: t("kpi_gap_sub", { b: f.whole(p.bound_minor) }) };
  }

  /** The routes of the day shown, all vaults together. */
  private routeGap(): Tile | null {
    const { plan, store } = this.app;
    const b = plan.route_bounds;
    const today = b.day.map((_, k) => k).filter((k) => b.day[k] === store.get().day);
    if (today.length === 0) return null;
    const name = `${t("kpi_route_gap")} · ${f.dayMonth(f.dateOf(plan.meta.first_day, store.get().day))}`;
    const known = today.filter((k) => b.no_bound[k] === "");
    if (known.length === 0) return { name, value: "–", sub: `${t("kpi_route_none")}: ${tName("no_bound", b.no_bound[today[0]])}` };
    const sum = (a: number[]): number => known.reduce((s, k) => s + a[k], 0);
    const [routed, bound] = [sum(b.routed_minor), sum(b.bound_minor)];
    const proven = known.length === today.length && sum(b.proven) === today.length;
    const sub = proven ? t("kpi_route_best", { c: f.whole(routed) }) : t("kpi_route_gap_sub", { c: f.whole(routed), b: f.whole(bound) });
    return { name, value: f.gapPct(routed > 0 ? (routed - bound) / routed : 0), unit: known.length < today.length ? `${known.length}/${today.length}` : undefined, sub };
  }

  private cash(): Tile | null {
    const { plan } = this.app;
    const s = plan.series;
    if (s.stock_mean.length === 0) return null;
    const total = (a: number[]): number => a.reduce((x, y) => x + y, 0) / plan.nDays;
    const stock = total(s.stock_mean);
    const need = total(s.demand_mean);
    return { name: t("kpi_cash"), value: f.short(stock), unit: f.currency(), sub: t("kpi_cash_sub", { d: need > 0 ? f.num(stock / need, 1) : "–" }) };
  }

  private unserved(): Tile {
    const n = this.app.plan.unserved.day.length;
    return { name: t("kpi_unserved"), value: f.num(n), sub: t("kpi_unserved_sub"), bad: n > 0 };
  }
}

/** The days of the plan: one button each with its visits as a bar; arrow keys move. */
export class DaysView implements View {
  constructor(
    private app: App,
    private el: HTMLElement,
  ) {
    app.store.listen((now, before) => {
      if (now.day !== before.day) this.mark();
    });
    el.addEventListener("keydown", (e) => this.key(e));
  }

  draw(): void {
    const { plan, store } = this.app;
    const most = Math.max(1, ...plan.visitsOfDay.map((v) => v.length));
    fill(
      this.el,
      plan.visitsOfDay.map((visits, d) => {
        const date = f.dateOf(plan.meta.first_day, d);
        const n = [0, 0, 0, 0];
        for (const v of visits) n[plan.visits.kind[v]]++;
        const bar = h("span", { class: "stack", "aria-hidden": "true" }, n.map((x, k) => h("span", { style: { height: `${((30 * x) / most).toFixed(1)}px`, background: KIND[k] } })));
        const label = `${f.dayLong(date)}: ${t("n_visits", { n: visits.length })}`;
        return h(
          "button",
          { type: "button", role: "radio", class: `${f.isWeekend(date) ? "weekend" : ""} ${d < plan.meta.released_days ? "released" : ""}`, "data-day": d, "aria-label": label, title: label, onclick: () => store.set({ day: d, route: -1 }) },
          bar,
          h("span", { class: "wd" }, f.weekday(date)),
          h("span", { class: "dm" }, date.getUTCDate() === 1 || d === 0 ? f.dayMonth(date) : date.getUTCDate()),
          h("span", { class: "n" }, f.num(visits.length)),
        );
      }),
    );
    this.mark();
  }

  private mark(): void {
    const { day } = this.app.store.get();
    this.el.querySelectorAll<HTMLElement>("button").forEach((b, d) => {
      b.setAttribute("aria-checked", d === day ? "true" : "false");
      b.tabIndex = d === day ? 0 : -1;
    });
  }

  private key(e: KeyboardEvent): void {
    const { plan, store } = this.app;
    const { day } = store.get();
    const move: Record<string, number> = { ArrowRight: day + 1, ArrowLeft: day - 1, Home: 0, End: plan.nDays - 1 };
    if (!(e.key in move)) return;
    e.preventDefault();
    const next = Math.max(0, Math.min(plan.nDays - 1, move[e.key]));
    store.set({ day: next, route: -1 });
    this.el.querySelectorAll<HTMLElement>("button")[next]?.focus();
  }
}

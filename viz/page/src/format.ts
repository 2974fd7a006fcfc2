// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, money, days and minutes as the chosen language writes them.

import { lang } from "./i18n";
import type { Meta } from "./data";

const locale = (): string => (lang() === "zh" ? "zh-CN" : "en-GB");
const cache = new Map<string, Intl.NumberFormat>();

function numberFormat(digits: number, least = digits): Intl.NumberFormat {
  const key = `${locale()}/${digits}/${least}`;
  let f = cache.get(key);
  if (!f) {
    f = new Intl.NumberFormat(locale(), {
      maximumFractionDigits: digits,
      minimumFractionDigits: least,
    });
    cache.set(key, f);
  }
  return f;
}

export const num = (v: number, digits = 0): string =>
  Number.isFinite(v) ? numberFormat(digits).format(v) : "–";

/** Three significant digits, at most two decimals for what is above 1. */
export function sig(v: number): string {
  const a = Math.abs(v);
  return num(v, a >= 1 ? 2 : a >= 0.1 ? 3 : 5);
}

let money: Meta;
export function setMoney(meta: Meta): void {
  money = meta;
}
export const currency = (): string => money.currency;
export const major = (minor: number): number => minor / 10 ** money.exponent;

/** All digits: 182,440.10. */
export const amount = (minor: number): string => num(major(minor), money.exponent);
/** Whole units: 182,440. */
export const whole = (minor: number): string => num(major(minor), 0);

/** Short: 18.2 M (1,820 万 in Chinese). */
export function short(minor: number): string {
  return shortUnits(major(minor));
}

export function shortUnits(v: number): string {
  const a = Math.abs(v);
  const steps: [number, string][] =
    lang() === "zh"
      ? [
          [1e8, "亿"],
          [1e4, "万"],
        ]
      : [
          [1e9, "bn"],
          [1e6, "M"],
          [1e3, "k"],
        ];
  for (const [unit, name] of steps)
    if (a >= unit) {
      const x = v / unit;
      const digits = Math.abs(x) >= 100 ? 0 : Math.abs(x) >= 10 ? 1 : 2;
      const space = lang() === "zh" ? "\u202f" : "\u202f";
      return numberFormat(digits, 0).format(x) + space + name;
    }
  return numberFormat(a > 0 && a < 10 ? 2 : 0, 0).format(v);
}

export const pct = (v: number, digits = 1): string => `${num(v, digits)}\u202f%`;

/** A share as a small percentage: what is not nothing is not shown as nothing. */
export const gapPct = (share: number): string =>
  share > 0 && share < 0.00005 ? `< ${pct(0.01, 2)}` : pct(share * 100, 2);

export function signedPct(v: number, digits = 1): string {
  const text = num(Math.abs(v), digits);
  return `${v < 0 ? "−" : "+"}${text}\u202f%`;
}

export function clock(minute: number): string {
  const m = Math.round(minute);
  const h = Math.floor(m / 60);
  const text = `${String(h % 24).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;
  return h >= 24 ? `${text}⁺¹` : text;
}

export function duration(minutes: number): string {
  const m = Math.round(minutes);
  const h = Math.floor(m / 60);
  const zh = lang() === "zh";
  if (h === 0) return zh ? `${m} 分` : `${m} min`;
  const rest = String(m % 60).padStart(2, "0");
  return zh ? `${h} 小时 ${rest} 分` : `${h} h ${rest}`;
}

export const km = (metres: number): string => `${num(metres / 1000, metres < 1e5 ? 1 : 0)}\u202fkm`;

const DAY_MS = 86400000;
export function dateOf(firstDay: string, t: number): Date {
  return new Date(Date.parse(`${firstDay}T00:00:00Z`) + t * DAY_MS);
}

function dateFormat(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(date);
}

export const weekday = (d: Date): string => dateFormat(d, { weekday: "short" });
export const isWeekend = (d: Date): boolean => d.getUTCDay() === 0 || d.getUTCDay() === 6;
export const dayMonth = (d: Date): string =>
  lang() === "zh"
    ? `${d.getUTCMonth() + 1}月${d.getUTCDate()}日`
    : dateFormat(d, { day: "numeric", month: "short" });
export const dayLong = (d: Date): string =>
  lang() === "zh" ? `${dayMonth(d)} ${weekday(d)}` : `${weekday(d)} ${dayMonth(d)}`;
export const dateFull = (d: Date): string =>
  dateFormat(d, { day: "numeric", month: "long", year: "numeric" });
export const iso = (d: Date): string => d.toISOString().slice(0, 10);

// SPDX-License-Identifier: GPL-3.0-or-later
// A planner's pins in words: what is asked for, by whom and why.

import type { Plan } from "./data";
import * as f from "./format";
import { t } from "./i18n";

/** "must: swap, 200,000.00 CNY, car C1". */
export function pinWhat(plan: Plan, pin: number): string {
  const { forbid, kind, amount_minor, car } = plan.pins;
  return [
    t(forbid[pin] ? "pin_forbid" : "pin_must"),
    [
      t(kind[pin] < 0 ? "pin_any" : (`kind_${kind[pin]}` as "kind_0")),
      amount_minor[pin] >= 0 ? `${f.amount(amount_minor[pin])} ${f.currency()}` : "",
      car[pin] >= 0 ? `${t("car")} ${plan.cars.code[car[pin]]}` : "",
    ].filter(Boolean).join(", "),
  ].join(": ");
}

/** "Li Wei – branch party". */
export function pinWhy(plan: Plan, pin: number): string {
  return [plan.pins.author[pin], plan.pins.reason[pin]].filter(Boolean).join(" – ");
}

/** Pins of a point on a day; must and forbid. */
export const pinsOf = (plan: Plan, point: number, day: number): number[] =>
  (plan.pinsOfPoint.get(point) ?? []).filter((k) => plan.pins.day[k] === day);

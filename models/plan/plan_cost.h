/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_cost.h - the cost of a plan, recomputed from its decisions.
 *
 * THE definition of cost. Everything is integer; `md` is cp_mul_div (round half up). W =
 * settings n_paths sample paths per point (paths.h) with `seed`; b = settings.before_visit_ppm.
 * Tariffs are those of the scope of the point (site, vault) on the day named.
 *
 * Demand of day j is split at a visit: pre = out * b / 1e6 (integer division), post = out -
 * pre; the same for `in`. Within a part, withdrawals come before deposits: unmet = max(0, out -
 * stock), stock -= met; then stock += in, refused = max(0, stock - capacity), stock =
 * min(stock, capacity).
 *
 * Dispense rules (point.dispense_rule of a machine):
 *   rotate  the cassettes of a denomination are drawn on in turn: one stock, as above.
 *   mix     denominations stand in for each other: after all withdrawals of a part and before its
 *           deposits, what a channel could not pay is paid by the other channels that pay out and
 *           whose note value divides its own, in whole notes of the one that lacks. Those that lack
 *           are served by falling value, each by the others by falling value (equal values in
 *           channel order). Unmet is what is left after that.
 *   drain   one cassette is emptied before the next is opened. At a machine to which nothing but
 *           whole swaps are allowed (visit_kinds swap, serviced by the center) a swap's load of a
 *           dispense channel lies in the cassettes as cassette_load.h says; those that the next
 *           swap finds untouched come back sealed and are used again as they are: their notes are
 *           not charged under SORT (the greatest sum of the loads of the last cassettes that is not
 *           above the residual). What the opening finds is charged in full: nobody knows its seals.
 *           VALUE_BACK and all returns count sealed cassettes too.
 *
 * Interval [t, s) of a point, from a visit on t (or the opening, t = -1, stock = balances,
 * whole of day 0) until the visit on s, or until = s >= T for the last one. It has, on each
 * path: on day t the post part (opening: none), whole days after it, and on day s the pre part.
 * Charged share: num/den = 1/1, and for a last interval (s >= T, t >= 0) (T - t)/(s - t),
 * evaluated over its whole length to s (pre part of day s included). The opening interval
 * without any visit ends at T: days 0..T-1 whole, share 1/1, no return.
 *   HOLD       md(sum over w, end-of-day stock value of days t..s-1 (opening: 0..s-1),
 *              hold_ppm_year * num, 365 * 1e6 * W * den)      tariff of day max(t, 0)
 *   CASH_OUT   md(sum over w of value unmet + refused, cash_out_ppm * num, 1e6 * W * den)
 *   EMERGENCY  md(paths with any unmet or refused note, emergency_minor * num, W * den)
 *   SORT       md(sum over w of notes that come back at s, sort_1000_minor * num, 1000 * W *
 *              den). What comes back is given by the kind of the visit at s: swap: the residual
 *              of all channels; partial swap: that of the channels it swaps; pickup: deposit
 * channels; fixed-amount add (always a first visit): deposit channels + what did not fit + what a
 * negative load took away; fill-up add: deposit channels alone (a surplus above its level leaves
 * too, and counts on board, but is advisory and not charged: so that an interval's cost depends on
 * nothing later). For a last interval the kind of the visit at t. Tariff of day max(t, 0).
 *   VALUE_BACK max(md(stop_value_min, num, den), md(sum over w of the value that comes back at
 *              s, as for SORT, stop_value_ppm * num, 1e6 * W * den)); 0 if both tariffs are 0;
 *              day max(t, 0). Booked under STOP_VALUE. (An interval pays for the visit that
 *              ends it.)
 * Nothing of an interval that ends without a visit inside the plan's opening interval is
 * charged (no visit at all: no SORT, no VALUE_BACK).
 * Visit on t, with num/den the share of the interval it opens:
 *   STOP_MACHINE md(stop_machine_minor, num, den)
 *   STOP_VALUE   md(value out, stop_value_ppm * num, 1e6 * den), value out = sum over channels
 *                of max(0, load_notes) * value (fill-up add: level_notes * value)
 *   PACK         md(cassettes, pack_cassette_minor * num, den)
 * Use of shared limits: SORT counts per visit ceil(sum over w of notes charged under SORT / W)
 * on the day of the visit; VALUE_OUT counts value out as above; PACK and POOL count cassettes.
 * A visit on t by the branch's own staff (plan.h, by_branch) pays instead of these three
 *   BRANCH_FILL  md(branch_fill_minor, num, den) + md(value out, branch_value_ppm * num, 1e6 *
 *                den)
 *   and the interval it ends neither SORT nor VALUE_BACK: what is taken out stays in the branch.
 *   It uses VALUE_OUT alone of the shared limits, and makes no stop of its site.
 * Stop of a site on t, share num/den = the greatest share among its visits by crews that day:
 *   STOP_SITE    md(stop_site_minor + prices.price_minor[site, t], num, den)
 * With prices.price_minor > 0 the part above the tariff is an estimate of driving: it is in
 * refill cost (what the search minimised and the bound bounds) but not in item[]/total, where
 * real routes are: item[STOP_SITE] holds the tariff's part alone, refill_minor = sum of the
 * refill items + the estimated part.
 *   OVERTIME_PACK_SORT, RELIEF   limits[].extra, .relief at their prices; extra of pack at
 *                 pack_overtime, of sort md(extra, sort_overtime_1000, 1000)
 *   OUTSOURCED_SORT  md(limits[].outsourced, sort_outsource_1000, 1000): an item of its own, so
 *                 that a planner sees what is paid to others
 *   Items of STOP_SITE are md of the tariff alone; the estimated part is md(tariff + price)
 *         minus it.
 * Routes: CAR_DAY per route's car and day (and every paid_daily car each working day of its
 * vault), KM md(dist_m, km_minor, 1000), HOUR md(drive_s + 60 * (wait + service minutes),
 * hour_minor, 3600), OVERTIME_HOUR md(overtime_min, ..., 60). ORDERS: access per (vault, day
 * placed), bundles.
 *
 * In particular:
 *   Points   that count are those serviced by the center or by either, with channels and a
 *            vault; a machine that its branch alone refills costs nothing here.
 *   Days     the opening up to a visit on day s holds evenings 0 .. s - 1; a visit on day 0
 *            ends an opening of the pre part of day 0 alone. An interval's end is the next
 *            visit in the plan; `until` is read of a point's last visit only, and must be >= T
 *            (CP_E_INPUT). The pre part of that day needs the forecast to reach it, unless b =
 *            0 (CP_E_INPUT).
 *   Stock    a pickup leaves the other channels as they are; a fill-up add sets dispense and
 *            recycle channels to level_notes on every path; an opening balance above the
 *            capacity is refused as soon as demand is met. What a fixed amount returns on a
 *            path is residual + max(0, load) - after.
 *   Last     interval: what comes back at its end is all channels for a swap, those swapped for a
 *            partial one, nothing for a fill by the branch, deposit channels for any other kind
 * (also a fixed-amount add: no second load is laid over it). VALUE_BACK of a fixed-amount add that
 * ends the opening has everything that SORT counts. Tariffs  of points and stops: site and vault,
 * no carrier, no cassette model (PACK too). Limits and orders: vault. Routes: vault and carrier of
 * the car. CAR_DAY  once for a car and day; paid_daily counts at existing vaults, on the working
 * days of the vault's calendar. ORDERS   bundles = |notes| / bundle_notes of the denomination,
 * rounded up; an access for each (vault, day) with an order or a lodgement. Limits   extra and
 * relief are taken as declared; that they suffice is the referee's question.
 *
 * CROSS_SHIP for each vault, denomination and week (Monday to Sunday): the smaller one of the
 * bundles ordered and of those lodged, by the day on which they are due, at cross_ship_bundle of
 * that Monday (or of the first day). VAULT_HOLD for each vault with vault_stock rows and each
 * evening: md(value of all notes in the vault as the referee's vault_value counts them,
 * vault_hold_ppm_year of the day, 365 * 1e6). A rate of its own, because cash in a vault may count
 * as a reserve and cost nothing. */
#ifndef CP_PLAN_COST_H
#define CP_PLAN_COST_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* Recompute the cost of `plan` from its decisions alone. estimated_drive_minor (may be NULL) gets
 * the estimated part described above. CP_E_RANGE naming the item when a sum overflows. */
cp_status cp_plan_cost(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                       const cp_shares *shares, uint64_t seed, const cp_plan *plan, cp_cost *out,
                       cp_minor *estimated_drive_minor);

#endif

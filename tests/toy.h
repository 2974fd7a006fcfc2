/* SPDX-License-Identifier: GPL-3.0-or-later */
/* toy.h - tiny networks built by rows, for tests.
 *
 *     cp_toy *toy = toy_new(&ctx);                          CNY, two denominations, a vault, a car
 *     toy_put(toy, "site", "code=S1|lat_deg=31.1|lon_deg=121.1");
 *     toy_put(toy, "point", "code=A1|site_code=S1|kind=atm");
 *     toy_put(toy, "cassette", "point_code=A1|slot=1|...");
 *     toy_build(toy, 7);                                    toy->net, toy->history, ...
 *     toy_demand(toy, "A1", CP_FLOW_WITHDRAWAL, 0, 500000); the truth of day 0
 *     toy_forecast(toy, 14);                                without spread: every path is the truth
 *
 * A row is written as "field=value" pairs separated by '|'; fields not named take their defaults.
 * Whatever fails ends the test with the words of the error. */
#ifndef CP_TOY_H
#define CP_TOY_H

#include "models/demand/paths.h"
#include "models/net/network_build.h"
#include "models/plan/plan.h"

#define TOY_FIRST_DAY cp_day_of(2026, 11, 23) /* a Monday */

typedef struct cp_toy {
    cp_ctx *ctx;
    cp_rows rows;
    cp_network *net;
    cp_history *truth; /* of the days planned for and beyond; missing cells count as 0 */
    cp_forecast *forecast;
    cp_shares *shares;
    uint64_t seed;
} cp_toy;

/* Denominations CNY100 and CNY10 (minor unit: fen), cassette model M (2,000 notes, 10,000 cm3),
 * vault V at (31.0, 121.0), carrier K and car C1 insured for 100,000,000; nothing is limited, no
 * tariff. */
cp_toy *toy_new(cp_ctx *ctx);
/* The same without vault, carrier and car. */
cp_toy *toy_bare(cp_ctx *ctx);

void toy_put(cp_toy *toy, const char *entity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* One tariff for all scopes and days. */
void toy_tariff(cp_toy *toy, const char *item, int64_t amount);

/* The network of n_days from TOY_FIRST_DAY. Travel: pairs put before, else the great circle. */
void toy_build(cp_toy *toy, int32_t n_days);

int32_t toy_point(const cp_toy *toy, const char *code);
int32_t toy_site(const cp_toy *toy, const char *code);

/* Truth of one day (from TOY_FIRST_DAY on), minor units. */
void toy_demand(cp_toy *toy, const char *point_code, cp_flow flow, int32_t day, cp_minor amount);
/* The truth of n_days as forecast, and the shares. */
void toy_forecast(cp_toy *toy, int32_t n_days);
/* A forecast with spread fitted on an invented history of 200 days before TOY_FIRST_DAY: a level of
 * `level` minor units a day and machine with weekly pattern and noise. *history (may be NULL) is
 * that history. */
void toy_noisy_forecast(cp_toy *toy, cp_minor level, int32_t n_days, cp_history **history);

/* Visits -> a filled plan. notes: levels or amounts by channel, see plan_fill.h. A point's code
 * with a star behind it: the visit is made by its branch's staff; with #b: a swap that brings the
 * machine's mix 1, #c: 2, ... */
typedef struct toy_visit {
    const char *point;
    int32_t t;
    cp_visit_kind kind;
    bool fixed_amount;
    int32_t until;
    int64_t notes[4];
} toy_visit;
cp_plan *toy_plan(cp_toy *toy, const toy_visit *visits, int32_t n);

/* One car a stop, in the order of the network's cars of the vault, timed by the shared rule of
 * models/route. The test fails when a vault has too few cars. */
void toy_routes(cp_toy *toy, cp_plan *plan);

#endif

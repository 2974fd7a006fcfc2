/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "models/base/text.h"
#include "models/plan/plan_check_part.h"

/* "2026-11-24 ATM A-017: " or what of it is known. */
static void put_place(const cp_check *check, cp_check_at at, char *out, size_t cap)
{
    char day[16] = "";
    const cp_network *net = check->net;
    const char *who = "";
    const char *code = "";
    if (at.t >= 0) (void)cp_day_text(check->plan->first_day + at.t, day);
    if (at.point >= 0 && at.point < net->n_points) {
        who = net->points[at.point].kind == CP_POINT_BRANCH ? "branch " : "ATM ";
        code = net->points[at.point].code;
    } else if (at.route >= 0 && at.route < check->plan->n_routes) {
        const int32_t car = check->plan->routes[at.route].car;
        who = "car ";
        code = car >= 0 && car < net->n_cars ? net->cars[car].code : "?";
    }
    (void)cp_format(out, cap, "%s%s%s%s%s", day, day[0] != '\0' && code[0] != '\0' ? " " : "", who,
                    code, day[0] != '\0' || code[0] != '\0' ? ": " : "");
}

cp_status cp_check_say(cp_check *check, const char *rule, cp_check_at at, const char *format, ...)
{
    cp_verdict *verdict = check->verdict;
    verdict->n_violations++;
    if (verdict->n_kept >= CP_VERDICT_KEPT) return CP_OK;
    char place[160];
    char words[640];
    put_place(check, at, place, sizeof place);
    va_list args;
    va_start(args, format);
    (void)cp_vformat(words, sizeof words, format, args);
    va_end(args);
    const char *text = cp_strf(check->ctx, check->ctx->run, "%s%s", place, words);
    if (text == NULL) return CP_E_NOMEM;
    cp_violation *v = &verdict->violations[verdict->n_kept++];
    v->rule = rule;
    v->t = at.t;
    v->point = at.point;
    v->route = at.route;
    v->text = text;
    return CP_OK;
}

void cp_check_declared(const cp_check *check, cp_limit_kind kind, int32_t vault, int32_t t,
                       int32_t item, int64_t *extra, int64_t *relief)
{
    *extra = 0;
    *relief = 0;
    for (int32_t i = 0; i < check->plan->n_limits; i++) {
        const cp_plan_limit *limit = &check->plan->limits[i];
        if (limit->kind != kind || limit->vault != vault || limit->t != t || limit->item != item)
            continue;
        *extra += limit->extra;
        *relief += limit->relief;
    }
}

/* Relief that is used, or visits that are missing, need a second look by a planner. */
static void note_relief(const cp_plan *plan, cp_verdict *verdict)
{
    if (plan->n_unserved > 0) verdict->with_relief = true;
    for (int32_t i = 0; i < plan->n_limits; i++)
        if (plan->limits[i].relief > 0) verdict->with_relief = true;
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].relief) verdict->with_relief = true;
    for (int32_t i = 0; i < plan->n_likeness; i++)
        if (plan->likeness[i].above_pct > 0) verdict->with_relief = true;
}

static cp_status run_parts(cp_check *check)
{
    CP_TRY(cp_check_form(check));
    if (check->verdict->n_violations > 0) return CP_OK;
    CP_TRY(cp_check_stock(check));
    CP_TRY(cp_check_visits(check));
    CP_TRY(cp_check_loads(check));
    CP_TRY(cp_check_pins(check));
    CP_TRY(cp_check_routes(check));
    CP_TRY(cp_check_docks(check));
    CP_TRY(cp_check_likeness(check));
    CP_TRY(cp_check_route_bounds(check));
    CP_TRY(cp_check_limits(check));
    CP_TRY(cp_check_pool_states(check));
    return cp_check_vaults(check);
}

/* The rules about driving alone. */
static cp_status run_drives(cp_check *check)
{
    CP_TRY(cp_check_form(check));
    if (check->verdict->n_violations > 0) return CP_OK;
    CP_TRY(cp_check_stated(check));
    CP_TRY(cp_check_routes(check));
    return cp_check_docks(check);
}

static cp_status judge(cp_check *check, cp_status (*parts)(cp_check *), cp_verdict **out)
{
    cp_ctx *ctx = check->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_verdict *verdict = NULL;
    CP_NEW(ctx, ctx->run, verdict, 1);
    CP_NEW(ctx, ctx->run, verdict->violations, CP_VERDICT_KEPT);
    check->verdict = verdict;
    CP_TRY(parts(check));
    note_relief(check->plan, verdict);
    verdict->accepted = verdict->n_violations == 0;
    cp_arena_rewind(ctx->scratch, mark);
    *out = verdict;
    return CP_OK;
}

cp_status cp_plan_check(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                        const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                        cp_verdict **out)
{
    cp_check check = {
        .ctx = ctx, .net = net, .forecast = forecast, .shares = shares, .seed = seed, .plan = plan};
    return judge(&check, run_parts, out);
}

cp_status cp_plan_check_drives(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                               cp_verdict **out)
{
    cp_check check = {.ctx = ctx, .net = net, .plan = plan};
    return judge(&check, run_drives, out);
}

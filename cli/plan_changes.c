/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/plan_changes.h"

#include <string.h>

#include "models/plan/plan_diff.h"

#define MOST_LISTED 10 /* changes of the first day; the page and the store have all visits */

/* Dense indexes mean the same in both networks when their codes stand in the same places. */
static bool same_places(const cp_network *a, const cp_network *b)
{
    if (a->n_points != b->n_points || a->n_cars != b->n_cars || a->n_sites != b->n_sites)
        return false;
    for (int32_t p = 0; p < a->n_points; p++)
        if (strcmp(a->points[p].code, b->points[p].code) != 0) return false;
    for (int32_t c = 0; c < a->n_cars; c++)
        if (strcmp(a->cars[c].code, b->cars[c].code) != 0) return false;
    return true;
}

static void print_counts(const cp_plan_diff *diff, int64_t plan_id)
{
    printf("  changes   against plan %lld on %d common days: %d visits as before",
           (long long)plan_id, (int)diff->n_days, (int)diff->n_same);
    for (int32_t kind = 0; kind <= (int32_t)CP_CHANGE_CAR; kind++) {
        int32_t n = 0;
        for (int32_t i = 0; i < diff->n_changes; i++)
            n += (int32_t)diff->changes[i].kind == kind;
        if (n > 0) printf(", %d %s", (int)n, cp_change_kind_name((cp_change_kind)kind));
    }
    printf("\n");
}

static void print_first_day(const cp_network *net, const cp_plan_diff *diff, cp_day first_day)
{
    int32_t n = 0;
    for (int32_t i = 0; i < diff->n_changes; i++) {
        const cp_plan_change *c = &diff->changes[i];
        char day[16], before[16];
        if (c->day != first_day && c->day_before != first_day) continue;
        if (++n > MOST_LISTED) continue;
        printf("            %s %s: %s -> %s\n", net->points[c->point].code,
               cp_change_kind_name(c->kind),
               c->day_before == CP_DAY_NONE ? "no visit" : cp_day_text(c->day_before, before),
               c->day == CP_DAY_NONE ? "no visit" : cp_day_text(c->day, day));
    }
    if (n > MOST_LISTED) printf("            and %d more on the first day\n", (int)n - MOST_LISTED);
}

/* *diff stays NULL where the plan speaks of a network that is gone: nothing to compare with. */
static cp_status compare(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                         const cp_plan *plan, cp_plan_diff **diff)
{
    cp_stored_plan *old = NULL;
    *diff = NULL;
    if (cp_plan_store_load(ctx, db, plan_id, &old) != CP_OK) {
        if (ctx->error.status == CP_E_NOMEM) return CP_E_NOMEM;
        cp_error_clear(ctx);
        return CP_OK;
    }
    if (!same_places(net, old->net)) return CP_OK;
    CP_TRY(cp_plan_diff_make(ctx, net, old->plan, plan, diff));
    if ((*diff)->n_days == 0) *diff = NULL;
    return CP_OK;
}

cp_status cp_plan_changes_find(cp_ctx *ctx, cp_db *db, const cp_stored_plan *stored,
                               cp_page_before *out)
{
    cp_plan_diff *diff = NULL;
    out->diff = NULL;
    CP_TRY(cp_plan_store_before(ctx, db, stored->plan_id, &out->plan_id));
    if (out->plan_id == 0) return CP_OK;
    CP_TRY(compare(ctx, db, out->plan_id, stored->net, stored->plan, &diff));
    out->diff = diff;
    return CP_OK;
}

cp_status cp_plan_changes_print(cp_cli *cli, cp_db *db, const cp_network *net, const cp_plan *plan)
{
    cp_ctx *ctx = &cli->ctx;
    cp_plan_diff *diff = NULL;
    int64_t plan_id = 0;
    CP_TRY(cp_plan_store_latest(ctx, db, CP_DAY_NONE, &plan_id));
    if (plan_id == 0) return CP_OK;
    CP_TRY(compare(ctx, db, plan_id, net, plan, &diff));
    if (diff == NULL) return CP_OK;
    print_counts(diff, plan_id);
    print_first_day(net, diff, plan->first_day);
    return CP_OK;
}

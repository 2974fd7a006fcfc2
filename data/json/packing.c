/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/packing.h"

#include <stdlib.h>

#include "data/json/split_load.h"
#include "models/net/slot_mix.h"

cp_bundled cp_bundle_notes(const cp_denomination *denom, int64_t notes)
{
    cp_bundled b = {0, 0, notes};
    if (denom->bundle_notes > 0) {
        b.bundles = b.notes / denom->bundle_notes;
        b.notes %= denom->bundle_notes;
    }
    if (denom->strap_notes > 0) {
        b.straps = b.notes / denom->strap_notes;
        b.notes %= denom->strap_notes;
    }
    return b;
}

static int32_t order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_departure(const void *pa, const void *pb)
{
    const cp_packing_row *a = pa, *b = pb;
    int32_t c = order(a->t, b->t);
    if (c == 0) c = order(a->vault, b->vault);
    if (c == 0) c = order(a->depart_min, b->depart_min);
    if (c == 0) c = order(a->route, b->route);
    if (c == 0) c = order(a->trip, b->trip);
    if (c == 0) c = order(a->cassette_model < 0, b->cassette_model < 0);
    if (c == 0) c = order(a->cassette_model, b->cassette_model);
    if (c == 0) c = order(a->denomination, b->denomination);
    if (c == 0) c = order(a->role, b->role);
    return c;
}

static bool same_line(const cp_packing_row *a, const cp_packing_row *b)
{
    return by_departure(a, b) == 0;
}

/* Most rows that the visit can give: one a cassette exchanged, one a channel of an addition. */
static int32_t most_rows(const cp_network *net, const cp_plan_visit *visit)
{
    return cp_visit_swaps(visit) ? net->points[visit->point].n_cassettes : visit->n_loads;
}

/* The cassettes of a swap: one row each. */
static cp_status swap_rows(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                           const cp_plan_visit *visit, const cp_packing_row *head, cp_packing *out)
{
    const cp_point *point = &net->points[visit->point];
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int64_t *split = NULL;
    CP_NEW(ctx, ctx->scratch, split, point->n_cassettes);
    for (int32_t l = 0; l < visit->n_loads; l++) {
        const cp_plan_load *load = &plan->loads[visit->first_load + l];
        if (!cp_load_swaps(visit, load)) continue;
        CP_TRY(cp_split_load(ctx, net, load->channel, visit->mix, load->load_notes, split));
        for (int32_t k = 0; k < point->n_cassettes; k++) {
            const cp_cassette *box = &cp_mix_cassettes(net, visit->point, visit->mix)[k];
            if (cp_cassette_channel(net, box) != load->channel) continue;
            cp_packing_row *row = &out->rows[out->n_rows++];
            *row = *head;
            row->cassette_model = box->cassette_model;
            row->denomination = box->denomination;
            row->role = box->role;
            row->cassettes = 1;
            row->notes = split[k];
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static void add_rows(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit,
                     const cp_packing_row *head, cp_packing *out)
{
    for (int32_t l = 0; l < visit->n_loads; l++) {
        const cp_plan_load *load = &plan->loads[visit->first_load + l];
        if (load->load_notes <= 0) continue;
        cp_packing_row *row = &out->rows[out->n_rows++];
        *row = *head;
        row->cassette_model = -1;
        row->denomination = net->channels[load->channel].denomination;
        row->role = CP_ROLE_DISPENSE;
        row->notes = load->load_notes;
    }
}

/* Equal lines of one departure become one. */
static void merge(cp_packing *out)
{
    int32_t n = 0;
    for (int32_t k = 0; k < out->n_rows; k++) {
        if (n > 0 && same_line(&out->rows[n - 1], &out->rows[k])) {
            out->rows[n - 1].cassettes += out->rows[k].cassettes;
            out->rows[n - 1].notes += out->rows[k].notes;
        } else {
            out->rows[n++] = out->rows[k];
        }
    }
    out->n_rows = n;
}

static cp_status stop_rows(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                           const cp_plan_index *index, int32_t stop, const cp_packing_row *head,
                           cp_packing *out)
{
    for (int32_t k = 0; k < index->stop_n[stop]; k++) {
        const cp_plan_visit *visit = &plan->visits[index->stop_visit[stop] + k];
        if (visit->by_branch) continue; /* not with this car */
        if (cp_visit_swaps(visit))
            CP_TRY(swap_rows(ctx, net, plan, visit, head, out));
        else if (visit->kind == CP_VISIT_ADD)
            add_rows(net, plan, visit, head, out);
    }
    return CP_OK;
}

cp_status cp_packing_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                          const cp_plan_index *index, cp_packing *out)
{
    int64_t most = 0;
    for (int32_t v = 0; v < plan->n_visits; v++)
        most += most_rows(net, &plan->visits[v]);
    out->n_rows = 0;
    CP_NEW(ctx, ctx->run, out->rows, most);
    for (int32_t r = 0; r < plan->n_routes; r++) {
        const cp_plan_route *route = &plan->routes[r];
        cp_packing_row head = {.t = route->t, .vault = route->vault, .route = r, .trip = -1};
        for (int32_t k = 0; k < route->n_stops; k++) {
            const int32_t stop = route->first_stop + k;
            if (plan->stops[stop].trip != head.trip) {
                head.trip = plan->stops[stop].trip;
                head.depart_min = cp_trip_departure(net, plan, route, stop);
            }
            CP_TRY(stop_rows(ctx, net, plan, index, stop, &head, out));
        }
    }
    qsort(out->rows, (size_t)out->n_rows, sizeof *out->rows, by_departure);
    merge(out);
    return CP_OK;
}

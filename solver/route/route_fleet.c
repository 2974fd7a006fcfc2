/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_fleet.h"

/* Parts of the work, one in so many: before the first try, in one try at most, in all. */
#define BEFORE_PART 10
#define TRY_PART 5
#define ALL_PART 2

static bool pinned_to(const cp_tours *s, int32_t car)
{
    for (int32_t i = 0; i < s->p->n_tasks; i++)
        if (s->p->tasks[i].car == car) return true;
    return false;
}

/* The car with the fewest stops that is worth closing; -1 = none, or it is the only one. */
static int32_t car_to_close(const cp_tours *s)
{
    int32_t best = -1;
    int32_t used = 0;
    for (int32_t k = 0; k < s->p->n_cars; k++) {
        if (s->tours[k].n_stops == 0) continue;
        used++;
        if (s->p->cars[k].fixed <= 0.0 || pinned_to(s, k)) continue;
        if (best < 0 || s->tours[k].n_stops < s->tours[best].n_stops) best = k;
    }
    return used > 1 ? best : -1;
}

/* Empty the car, close it and every empty car, and look for places for its stops. */
static cp_status try_without(cp_ctx *ctx, cp_tours *s, int32_t car, const cp_local_opts *opts,
                             cp_local_end *end)
{
    const cp_tasks_day *p = s->p;
    cp_local_opts o = *opts;
    o.work = opts->work / TRY_PART;
    o.enough_weight = cp_tours_weight_out(s);
    bool *gone = NULL;
    CP_NEW(ctx, ctx->scratch, gone, p->n_tasks);
    for (int32_t i = 0; i < p->n_tasks; i++) {
        if (s->car_of[i] != car) continue;
        gone[i] = true;
        s->out[s->n_out++] = i;
    }
    cp_tours_take_out(s, car, gone, s->out, &s->n_out);
    for (int32_t k = 0; k < p->n_cars; k++)
        s->closed[k] = s->tours[k].n_stops == 0;
    CP_TRY(cp_route_improve(ctx, s, &o, end));
    for (int32_t k = 0; k < p->n_cars; k++)
        s->closed[k] = false;
    return CP_OK;
}

static cp_status fewer(cp_ctx *ctx, cp_tours *s, const cp_local_opts *opts, cp_local_end *end)
{
    cp_local_opts first = *opts;
    first.work = opts->work / BEFORE_PART;
    CP_TRY(cp_route_improve(ctx, s, &first, end));
    cp_tours *kept = NULL;
    CP_TRY(cp_tours_new(ctx, s->p, &kept));
    while (!end->stopped_by_time && end->work_done < opts->work / ALL_PART) {
        const int32_t car = car_to_close(s);
        if (car < 0) break;
        cp_tours_copy(kept, s);
        const int64_t done = end->work_done;
        CP_TRY(try_without(ctx, s, car, opts, end));
        end->work_done += done;
        const int64_t weight = cp_tours_weight_out(kept);
        if (cp_tours_weight_out(s) > weight ||
            (cp_tours_weight_out(s) == weight && s->cost >= kept->cost)) {
            cp_tours_copy(s, kept);
            break;
        }
    }
    return CP_OK;
}

cp_status cp_route_fewer_cars(cp_ctx *ctx, cp_tours *s, const cp_local_opts *opts,
                              cp_local_end *end)
{
    end->work_done = 0;
    end->stopped_by_time = false;
    if (car_to_close(s) < 0) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = fewer(ctx, s, opts, end);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

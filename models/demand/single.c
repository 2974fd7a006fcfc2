/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/single.h"

#include <string.h>

#include "models/demand/single_kinds.h"
#include "models/demand/year_move.h"

static const char *const name_of[CP_N_SINGLES] = {
    "smooth", "ets", "theta", "days-slow", "days-fast", "last", "median", "like", "plain", "rare"};

const char *cp_single_name(int32_t single)
{
    return single >= 0 && single < CP_N_SINGLES ? name_of[single] : "";
}

int32_t cp_single_of_name(const char *name)
{
    for (int32_t k = 0; k < CP_N_SINGLES; k++)
        if (strcmp(name, name_of[k]) == 0) return k;
    return -1;
}

void cp_single_run(const cp_filter_input *in, const cp_single_kind *kind, void *memory,
                   const int32_t *origin, int32_t n, cp_single_state *states)
{
    const cp_series *s = in->series;
    int32_t k = 0;
    memset(states, 0, ((size_t)n + 1) * sizeof *states);
    kind->begin(memory, in);
    cp_filter_count(in, s->n - s->first);
    for (; k < n && origin[k] < s->first; k++)
        kind->tell(memory, in, s->first - 1, &states[k]);
    for (int32_t i = s->first; i < s->n; i++) {
        kind->step(memory, in, i);
        for (; k < n && origin[k] <= i; k++)
            kind->tell(memory, in, i, &states[k]);
    }
    kind->tell(memory, in, s->n - 1, &states[n]);
}

void cp_single_centre(const cp_filter_input *in, cp_single_state *state)
{
    const cp_series *s = in->series;
    double mean = 0, work = 0;
    int32_t n = 0, n_work = 0;
    for (int32_t k = 0; k < 7; k++) {
        if ((s->closed_slots >> k) & 1) continue;
        mean += state->week[k];
        n++;
        if (!((s->calendar->work_slots >> k) & 1)) continue;
        work += state->week[k];
        n_work++;
    }
    mean = n > 0 ? mean / n : 0;
    state->week[CP_SLOT_WORK] = n_work > 0 ? work / n_work : mean;
    state->level += mean;
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        state->week[k] -= mean;
}

void cp_single_predict(const cp_single_state *state, const uint8_t *slot, int32_t n_days,
                       float *predicted)
{
    double slope = state->slope, level = state->level;
    for (int32_t h = 1; h <= n_days; h++) {
        slope *= state->damp;
        level += slope;
        double z = level + state->week[slot[h - 1]];
        if (state->move != NULL)
            z += (double)(state->move[h < CP_YEAR_MOVE_DAYS ? h : CP_YEAR_MOVE_DAYS] -
                          state->move[0]);
        predicted[h - 1] = (float)z;
    }
}

static cp_status roll_smooth(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin,
                             int32_t n, cp_single_state *states)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_filter_state *from = NULL;
    CP_NEW(ctx, ctx->scratch, from, (size_t)n + 1);
    CP_TRY(cp_filter_bank(ctx, in, origin, n, in->quick, from));
    for (int32_t k = 0; k <= n; k++) {
        states[k] =
            (cp_single_state){.level = from[k].level, .sigma = from[k].sigma, .n = from[k].n};
        memcpy(states[k].week, from[k].week, sizeof states[k].week);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

bool cp_single_fits(const cp_filter_input *in, cp_single single)
{
    const cp_series *s = in->series;
    switch (single) {
    case CP_SINGLE_SMOOTH:
        return true;
    case CP_SINGLE_LIKE:
        return in->like != NULL;
    case CP_SINGLE_RARE:
        return s->quiet;
    case CP_SINGLE_ETS:
    case CP_SINGLE_THETA:
        return s->n_exact >= 84;
    default:
        return s->n_exact >= 28;
    }
}

static cp_status roll_one(cp_ctx *ctx, const cp_filter_input *in, cp_single single,
                          const int32_t *origin, int32_t n, cp_single_state *states)
{
    switch (single) {
    case CP_SINGLE_SMOOTH:
        return roll_smooth(ctx, in, origin, n, states);
    case CP_SINGLE_ETS:
        return cp_single_ets(ctx, in, origin, n, states);
    case CP_SINGLE_THETA:
        return cp_single_theta(ctx, in, origin, n, states);
    case CP_SINGLE_DAYS_SLOW:
        return cp_single_days(in, CP_DAYS_SLOW, origin, n, states);
    case CP_SINGLE_DAYS_FAST:
        return cp_single_days(in, CP_DAYS_FAST, origin, n, states);
    case CP_SINGLE_LAST:
        return cp_single_recent(in, 1, origin, n, states);
    case CP_SINGLE_MEDIAN:
        return cp_single_recent(in, CP_RECENT_MOST, origin, n, states);
    case CP_SINGLE_LIKE:
        return cp_single_like(in, origin, n, states);
    case CP_SINGLE_PLAIN:
        return cp_single_plain(in, origin, n, states);
    case CP_SINGLE_RARE:
        return cp_single_rare(in, origin, n, states);
    default:
        CP_FAIL(ctx, CP_E_INPUT, "there is no forecast model of number %d", (int)single);
    }
}

cp_status cp_single_roll(cp_ctx *ctx, const cp_filter_input *in, cp_single single,
                         const int32_t *origin, int32_t n, cp_single_state *states)
{
    CP_TRY(roll_one(ctx, in, single, origin, n, states));
    const bool still = single == CP_SINGLE_LAST || single == CP_SINGLE_MEDIAN;
    if (in->move == NULL || still || single == CP_SINGLE_RARE) return CP_OK;
    for (int32_t k = 0; k <= n; k++) {
        const int32_t then = (k < n ? origin[k] : in->series->n - 1) - CP_YEAR_DAYS;
        if (then >= in->series->first + 28) states[k].move = in->move + then;
    }
    return CP_OK;
}

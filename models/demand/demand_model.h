/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_model.h - the fitted parts behind a forecast; for the files of this folder only.
 *
 * Model of one machine and flow:  amount = scale * exp(effect[d]) * inverse(z[d]),
 * z = level + week[slot] + error. Effects come from three nested ridge regressions on the log
 * scale: all machines of a calendar, those of one kind and segment (held to the former), the
 * machine (held to its segment). Level and week follow exponential smoothing on the machine's own
 * scale. Errors are whole paths of one to many days ahead that the smoothing made in the past, so
 * that sums over days have the spread they really had, level uncertainty included. */
#ifndef CP_DEMAND_MODEL_H
#define CP_DEMAND_MODEL_H

#include "models/base/rng.h"
#include "models/demand/demand_calendar.h"
#include "models/demand/demand_scale.h"
#include "models/demand/demand_series.h"
#include "models/demand/forecast.h"
#include "models/demand/series_keep.h"
#include "models/demand/single.h"

/* Errors are kept as 1/1024 of the machine's error scale. */
#define CP_WINDOW_UNIT 1024.0
/* Fewer exactly seen days than this: the machine is new and leans on its segment. */
#define CP_NEW_DAYS 28

/* Machines of one flow, calendar, kind and segment; or, as the parent of those, of one flow and
 * calendar (segment NULL). */
typedef struct cp_demand_pool {
    cp_flow flow;
    int32_t calendar, parent, n_members; /* members with history enough to teach */
    cp_point_kind kind;
    const char *segment;
    double *effect; /* log, by column of the calendar */
    /* The same as days outside a year tell it, [year * n_cols + column]: a yearly effect fitted on
     * the year it is taken out of would take that year's accidents with it, and past errors would
     * look smaller than those to come. */
    double *effect_out;
    double week[CP_N_SLOTS];
    double level_log, level_sd; /* log of the usual amount in minor units, spread over machines */
    double sigma;               /* of one day's error, log scale */
    double special_scale;       /* error on special days over that of ordinary days, >= 1 */
    uint8_t closed_slots;       /* closed at most members */
    bool closed_off;
    bool lends;      /* window is filled */
    int16_t *window; /* n_windows * n_days: errors of donors for machines without their own */
} cp_demand_pool;

/* One machine and flow, ready for paths. */
typedef struct cp_demand_model {
    cp_scale scale;
    double unit;     /* minor units of x = 1 without any effect */
    double top;      /* x is never above this: extremes of the log scale are held */
    double level_sd; /* of a shock common to all days of a path (little-known level) */
    double sigma;    /* error scale, on z */
    double idle;     /* share of days without demand, of a machine that often has none; else 0 */
    double cut;      /* x below this is no demand at all (calibrate.h); 0 as fitted */
    bool unmixed;    /* error paths are never mixed: of "none" and "some" that would be neither */
    float *centre;   /* n_days: z without error */
    float *level;    /* n_days: the same on a day of a mean week */
    float *event;    /* n_days: log effect of holidays and events, in factor as well */
    float *spread;   /* n_days: multiplies the error path */
    float *factor;   /* n_days: minor units of x = 1 on this day; 0 = closed */
    int16_t *window; /* n_windows * n_days, in units of sigma / CP_WINDOW_UNIT */
} cp_demand_model;

/* The single models of one machine and flow; scores as in demand_parts.h. */
typedef struct cp_demand_note {
    int32_t n_singles, n_origins;
    uint8_t single[CP_N_SINGLES]; /* cp_single */
    float weight[CP_N_SINGLES], each[CP_N_SINGLES], score;
} cp_demand_note;

/* What one machine and flow is fitted to (demand_keep.h). */
typedef struct cp_demand_kept {
    bool taken;  /* from an earlier forecast: nothing is fitted */
    bool fitted; /* the rest is there */
    double *dev; /* log, by column of the calendar: its own effects beside its segment's */
    double gain[CP_N_GAINS];
    double weight[CP_N_SINGLES]; /* of note.single */
    cp_demand_note note;
    int64_t work; /* see cp_forecast_work */
} cp_demand_kept;

/* The level of a steady machine. */
typedef struct cp_steady_level {
    double level, sigma; /* minor units a day */
    int32_t n;           /* days seen */
} cp_steady_level;

/* Steady machines of one flow; arrays by point. */
typedef struct cp_demand_steady {
    double all[7];     /* weekdays of all machines, as multiples of the mean day; Monday first */
    double mean, cv;   /* of levels; of one day against its machine's level */
    double level_days; /* what the mean level is worth in days of one machine */
    cp_steady_level *own;
    double *week;    /* [point * 7 + weekday]: added to the level, minor units of the mean day */
    int32_t n_error; /* days of the history */
    int16_t *error;  /* [point * n_error + day], in units of sigma / CP_WINDOW_UNIT */
} cp_demand_steady;

struct cp_forecast_detail {
    bool truth; /* no spread; the arrays below are not there */
    bool quick;
    cp_each_fn *each;
    cp_kept_series *series;   /* flow * n_points + point: cleaned */
    cp_demand_kept *kept;     /* flow * n_points + point */
    int64_t work;             /* counted on what points share */
    cp_demand_steady *steady; /* by flow; NULL = the full model, and the parts below */
    int32_t n_windows;
    int32_t gap;     /* days between the end of the history and the first forecast day */
    int32_t *origin; /* n_windows: last day of the history known when an error path began; the path
                        begins gap + 1 days later. Negative: history too short for any. */
    int32_t n_calendars;
    cp_demand_calendar **calendar; /* [calendar + 1]; NULL = used by no point */
    int32_t only; /* the single model to be used alone; -1 = all that fit, combined */
    int32_t n_pools;
    cp_demand_pool *pool;
    int32_t *pool_of;     /* flow * n_points + point; -1 = no such flow */
    float *week_of;       /* (flow * n_points + point) * CP_N_SLOTS: log; of those that teach */
    double *gram;         /* pool * CP_GRAM, parents only: see demand_combine.h */
    double *gram_days;    /* pool: days it is worth for one machine, 0 = there is none */
    int32_t *n_exact;     /* flow * n_points + point: days seen exactly */
    cp_demand_note *note; /* flow * n_points + point */
    const struct cp_demand_lenders *lenders; /* calibrate.h */
    cp_demand_model *model; /* flow * n_points + point; read them by cp_demand_model_of */
};

/* Has the point a channel that can serve the flow? */
bool cp_demand_can_serve(const cp_network *net, const cp_point *point, cp_flow flow);

/* Calendars, pools and error origins: everything that points share. Fills forecast->has_flow,
 * from_segment, n_repaired, detail->calendar, pool, pool_of, kept. fit: what pools and machines
 * are fitted to is taken from it; NULL = learnt. */
cp_status cp_demand_pools_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               const struct cp_fit *fit, cp_forecast *forecast);

/* Fit one point's flow and fill model's arrays (all allocated). pool_windows: take error paths of
 * the pool where the point's own history is too short; false while the pool's are being made. */
cp_status cp_demand_fit(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                        cp_flow flow, int32_t point, bool pool_windows, cp_demand_model *model,
                        cp_demand_note *note);

/* Mean products of the single models' past errors of one row (demand_combine.h); *days 0: none. */
cp_status cp_demand_gram(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                         int32_t row, double *gram, double *days);

/* The same as means over machines of each calendar, into detail->gram. */
cp_status cp_demand_grams_make(cp_ctx *ctx, const cp_history *history, cp_forecast *forecast);

/* Mean week (log) of the machines whose weeks are nearest to that of the row's machine, itself left
 * out; false where there are none or its own is not known. */
bool cp_like_week(const cp_forecast_detail *d, const cp_forecast *f, int32_t row, double *week);

/* The short model: all that points share and their levels. */
cp_status cp_demand_steady_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 cp_forecast *forecast);
/* Then one point's model, from its level alone: its arrays, many times as large, are made in
 * ctx->scratch whenever they are asked for. */
cp_status cp_demand_steady_model(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow,
                                 int32_t point, cp_demand_model *out);

/* The model of one point's flow, ready for cp_demand_path; centre NULL = there is none. Lives in
 * ctx->scratch or with the forecast. */
cp_status cp_demand_model_of(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow, int32_t point,
                             cp_demand_model *out);

/* Amounts in minor units of one random error path: out[n_days]. a, b: two windows mixed as
 * cos * a + sin * b, which keeps variances and correlations, or, of unmixed ones, set one after the
 * other; shock: standard normal. */
typedef struct cp_demand_draw {
    int32_t a, b;
    double cos_mix, sin_mix, shock;
} cp_demand_draw;
/* One draw: b and the shock from `own`, the mixing from `common`, a given. */
cp_demand_draw cp_demand_draw_one(cp_rng *common, cp_rng *own, int32_t a, int32_t n_windows);
void cp_demand_path(const cp_demand_model *model, int32_t n_days, const cp_demand_draw *draw,
                    double *out);

#endif

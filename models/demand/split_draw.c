/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/split_draw.h"

#include <math.h>

#define PPM 1000000
#define LEAST_SPREAD 1e-6

/* One denomination that is split off what those before it leave. */
typedef struct stick {
    int32_t denomination, ppm;
    double angle, s; /* its fraction is sin^2(angle + s z) */
} stick;

static const int32_t *ppm_of(const cp_shares *shares, cp_flow flow)
{
    return flow == CP_FLOW_WITHDRAWAL ? shares->out_ppm : shares->in_ppm;
}

static const float *spread_of(const cp_network *net, const cp_shares *shares, cp_flow flow,
                              int32_t point)
{
    return shares->spread + 2 * ((int64_t)flow * net->n_points + point);
}

bool cp_split_varies(const cp_network *net, const cp_shares *shares, cp_flow flow, int32_t point)
{
    const cp_point *p = &net->points[point];
    const int32_t *ppm = ppm_of(shares, flow) + p->first_channel;
    if (shares->spread == NULL) return false;
    if ((double)spread_of(net, shares, flow, point)[0] < LEAST_SPREAD) return false;
    int32_t first = -1;
    for (int32_t k = 0; k < p->n_channels; k++) {
        if (ppm[k] <= 0) continue;
        const int32_t denomination = net->channels[p->first_channel + k].denomination;
        if (first >= 0 && denomination != first) return true;
        first = denomination;
    }
    return false;
}

/* With m = 1 - 2 q the fraction's mean is (1 - cos(2 angle) exp(-2 s^2)) / 2, and its variance is
 * (1 - e) (1 + e - 2 m^2) / 8 where e = exp(-4 s^2); set to q and spread q (1 - q) they give e. */
static void set_stick(double q, double spread, stick *out)
{
    const double m = 1 - 2 * q, most = 1 - m * m;
    const double under = most > 0 ? 1 - 2 * spread / most : 0;
    const double e = fmin(1, m * m + most * sqrt(fmax(0, under)));
    if (e <= 0) { /* q is one half and the spread as wide as can be */
        out->angle = 0.7853981633974483;
        out->s = 1;
        return;
    }
    out->s = sqrt(-log(e)) / 2;
    out->angle = acos(fmax(-1, fmin(1, m / sqrt(e)))) / 2;
}

static int32_t make_sticks(const cp_network *net, const cp_point *p, const int32_t *ppm,
                           double spread, stick *out)
{
    int32_t n = 0, total = 0;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const int32_t denomination = net->channels[p->first_channel + k].denomination;
        int32_t i = 0;
        if (ppm[k] <= 0) continue;
        while (i < n && out[i].denomination != denomination)
            i++;
        if (i == n) {
            out[n].denomination = denomination;
            out[n++].ppm = 0;
        }
        out[i].ppm += ppm[k];
        total += ppm[k];
    }
    /* A Dirichlet of this spread has concentration 1 / spread - 1; what is left of it after the
     * first denominations has its share of that. */
    const double concentration = 1 / fmin(1, spread) - 1;
    double left = total;
    for (int32_t i = 0; i + 1 < n; i++) {
        set_stick(out[i].ppm / left, 1 / (concentration * left / total + 1), &out[i]);
        left -= out[i].ppm;
    }
    return n;
}

/* Shares of the sticks on one day and path; they sum to what the sticks do. */
static void draw_day(const stick *s, int32_t n, const double *lasting, double own, cp_rng *rng,
                     int32_t *share)
{
    int32_t left = 0;
    for (int32_t i = 0; i < n; i++)
        left += s[i].ppm;
    for (int32_t i = 0; i + 1 < n; i++) {
        const double z = lasting[i] + own * cp_rng_normal(rng);
        const double root = sin(s[i].angle + s[i].s * z);
        share[i] = (int32_t)(root * root * left + 0.5);
        left -= share[i];
    }
    share[n - 1] = left;
}

/* A stick's share to its channels, in the ratio of their own; what rounding leaves to the last. */
static void to_channels(const cp_network *net, const cp_point *p, const int32_t *ppm,
                        const stick *s, int32_t share, int64_t at, int64_t stride, int32_t *out)
{
    int32_t before = 0, given = 0;
    for (int32_t k = 0; k < p->n_channels; k++) {
        if (ppm[k] <= 0 || net->channels[p->first_channel + k].denomination != s->denomination)
            continue;
        before += ppm[k];
        const int32_t upto = (int32_t)((int64_t)share * before / s->ppm);
        out[k * stride + at] = upto - given;
        given = upto;
    }
}

cp_status cp_split_draw(cp_ctx *ctx, const cp_network *net, const cp_shares *shares, cp_flow flow,
                        int32_t point, int32_t n_days, int32_t n_paths, cp_rng *rng, int32_t **out)
{
    const cp_point *p = &net->points[point];
    const int32_t *ppm = ppm_of(shares, flow) + p->first_channel;
    const float *spread = spread_of(net, shares, flow, point);
    const int64_t stride = (int64_t)n_days * n_paths;
    stick *s = NULL;
    double *lasting = NULL;
    int32_t *share = NULL;
    CP_NEW(ctx, ctx->scratch, s, p->n_channels);
    CP_NEW(ctx, ctx->scratch, lasting, p->n_channels);
    CP_NEW(ctx, ctx->scratch, share, p->n_channels);
    CP_NEW(ctx, ctx->scratch, *out, (size_t)p->n_channels * (size_t)stride);
    const int32_t n = make_sticks(net, p, ppm, (double)spread[0], s);
    const double lasts = sqrt((double)spread[1] / (double)spread[0]);
    const double own = sqrt(fmax(0, 1 - lasts * lasts));
    for (int32_t w = 0; w < n_paths; w++) {
        for (int32_t i = 0; i + 1 < n; i++)
            lasting[i] = lasts * cp_rng_normal(rng);
        for (int32_t d = 0; d < n_days; d++) {
            draw_day(s, n, lasting, own, rng, share);
            for (int32_t i = 0; i < n; i++)
                to_channels(net, p, ppm, &s[i], share[i], (int64_t)d * n_paths + w, stride, *out);
        }
    }
    return CP_OK;
}

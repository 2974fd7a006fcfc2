/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_score.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#define SEASON 7

void cp_said_of_sample(double *sample, int32_t n, cp_said *out)
{
    const size_t size = (size_t)n;
    out->mean = gsl_stats_mean(sample, 1, size);
    gsl_sort(sample, 1, size);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        out->decile[k] =
            gsl_stats_quantile_from_sorted_data(sample, 1, size, cp_quantile_pct[k] / 100.0);
    out->lo50 = gsl_stats_quantile_from_sorted_data(sample, 1, size, 0.25);
    out->hi50 = gsl_stats_quantile_from_sorted_data(sample, 1, size, 0.75);
    out->lo95 = gsl_stats_quantile_from_sorted_data(sample, 1, size, 0.025);
    out->hi95 = gsl_stats_quantile_from_sorted_data(sample, 1, size, 0.975);
}

static double pinball(double y, double q, double level)
{
    return y >= q ? level * (y - q) : (1 - level) * (q - y);
}

void cp_score_add(cp_score_sums *sums, const cp_said *said, double y, double scale)
{
    const double median = said->decile[CP_N_QUANTILES / 2];
    const double off = fabs(median - y);
    if (median + y > 0) {
        sums->smape += 200 * off / (median + y);
        sums->n_smape++;
    }
    if (scale > 0) {
        sums->mase += off / scale;
        sums->n_mase++;
    }
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        sums->pinball += pinball(y, said->decile[k], cp_quantile_pct[k] / 100.0) / CP_N_QUANTILES;
    sums->n_in50 += y >= said->lo50 && y <= said->hi50;
    sums->n_in80 += y >= said->decile[0] && y <= said->decile[CP_N_QUANTILES - 1];
    sums->n_in95 += y >= said->lo95 && y <= said->hi95;
    sums->actual += y;
    sums->error += said->mean - y;
    sums->n++;
}

void cp_score_join(cp_score_sums *to, const cp_score_sums *from)
{
    to->smape += from->smape;
    to->mase += from->mase;
    to->pinball += from->pinball;
    to->actual += from->actual;
    to->error += from->error;
    to->n += from->n;
    to->n_smape += from->n_smape;
    to->n_mase += from->n_mase;
    to->n_in50 += from->n_in50;
    to->n_in80 += from->n_in80;
    to->n_in95 += from->n_in95;
}

cp_backtest_score cp_score_of(const cp_score_sums *s)
{
    cp_backtest_score score = {.n_days = s->n};
    const double n = (double)s->n;
    if (s->n_smape > 0) score.smape_pct = s->smape / (double)s->n_smape;
    if (s->n_mase > 0) score.mase = s->mase / (double)s->n_mase;
    if (s->actual > 0) score.wql = 2 * s->pinball / s->actual;
    if (s->actual > 0) score.bias_pct = 100 * s->error / s->actual;
    if (s->n == 0) return score;
    score.pinball_minor = s->pinball / n;
    score.cover50_pct = 100 * (double)s->n_in50 / n;
    score.cover80_pct = 100 * (double)s->n_in80 / n;
    score.cover95_pct = 100 * (double)s->n_in95 / n;
    return score;
}

double cp_score_scale(const cp_history *h, cp_flow flow, int32_t point, int32_t days)
{
    const cp_day end = h->first_day + h->n_days;
    double sum = 0, change = 0;
    int64_t n = 0;
    int32_t n_known =
        0; /* days in a row, up to d, of which the change against a week ago is known */
    for (cp_day d = h->first_day + SEASON; d < end; d++) {
        const cp_minor now = cp_history_at(h, flow, point, d);
        const cp_minor then = cp_history_at(h, flow, point, d - SEASON);
        if (now == CP_HISTORY_MISSING || then == CP_HISTORY_MISSING) {
            n_known = 0;
            change = 0;
            continue;
        }
        change += (double)(now - then);
        if (++n_known > days)
            change -= (double)(cp_history_at(h, flow, point, d - days) -
                               cp_history_at(h, flow, point, d - days - SEASON));
        if (n_known < days) continue;
        sum += fabs(change);
        n++;
    }
    return n > 0 ? sum / (double)n : 0;
}

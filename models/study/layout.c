/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/study/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct work {
    cp_ctx *ctx;
    const cp_rows *rows;
    const cp_network *net;
    const cp_layout *layout;
    const cp_layout_days *days;
    double *stops;           /* [vault of the layout] */
    double growth;           /* of all stops */
    const char **point_code; /* of net, in byte order ... */
    int32_t *point_at;       /* ... and which point it is */
    cp_rows *out;
} work;

/* Text made with printf, in ctx->run. */
#define TEXT(w, ptr, ...)                                                                          \
    do {                                                                                           \
        (ptr) = cp_strf((w)->ctx, (w)->ctx->run, __VA_ARGS__);                                     \
        if ((ptr) == NULL) return CP_E_NOMEM;                                                      \
    } while (0)

typedef struct share {
    double remainder;
    int32_t i;
} share;

static int by_remainder(const void *a, const void *b)
{
    const share *x = a, *y = b;
    if (x->remainder != y->remainder) return x->remainder > y->remainder ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

cp_status cp_share_out(cp_ctx *ctx, int64_t total, const double *w, int32_t n, int64_t least,
                       int64_t *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    share *s = NULL;
    CP_NEW(ctx, ctx->scratch, s, n);
    double all = 0;
    for (int32_t i = 0; i < n; i++)
        all += w[i];
    /* Those below the least are given it, and the others share the rest. */
    int64_t left = total;
    double open = all;
    for (int32_t i = 0; i < n; i++) {
        const double part = all > 0 ? (double)total * w[i] / all : (double)total / n;
        out[i] = part < (double)least ? least : -1;
        if (out[i] < 0) continue;
        left -= least;
        open -= w[i];
    }
    int64_t given = 0;
    for (int32_t i = 0; i < n; i++) {
        s[i] = (share){-1, i};
        if (out[i] >= 0) continue;
        const double part = open > 0 ? (double)left * w[i] / open : (double)left / n;
        out[i] = part > (double)least ? (int64_t)floor(part) : least;
        s[i].remainder = part - (double)out[i];
        given += out[i];
    }
    qsort(s, (size_t)n, sizeof *s, by_remainder);
    for (int32_t k = 0; given < left; k = (k + 1) % n, given++)
        out[s[k].i]++;
    /* Least counts may have taken more than there is room for: back from those with most. */
    while (given > left) {
        int32_t most = 0;
        for (int32_t i = 1; i < n; i++)
            if (out[i] > out[most]) most = i;
        out[most]--;
        given--;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

typedef struct named {
    const char *code;
    int32_t at;
} named;

static int by_code(const void *a, const void *b)
{
    return strcmp(((const named *)a)->code, ((const named *)b)->code);
}

static cp_status list_points(work *w)
{
    named *list = NULL;
    const int32_t n = w->net->n_points;
    CP_NEW(w->ctx, w->ctx->scratch, list, n + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->point_code, n + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->point_at, n + 1);
    for (int32_t p = 0; p < n; p++)
        list[p] = (named){w->net->points[p].code, p};
    qsort(list, (size_t)n, sizeof *list, by_code);
    for (int32_t k = 0; k < n; k++) {
        w->point_code[k] = list[k].code;
        w->point_at[k] = list[k].at;
    }
    return CP_OK;
}

/* Site of the network where a point of the rows stands; -1 = none. */
static int32_t site_of_point(const work *w, const char *code)
{
    int32_t from = 0, to = w->net->n_points;
    while (from < to) {
        const int32_t middle = from + (to - from) / 2;
        const int c = strcmp(w->point_code[middle], code);
        if (c == 0) return w->net->points[w->point_at[middle]].site;
        if (c < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return -1;
}

static bool is_served(const work *w, const char *point_code)
{
    const int32_t site = site_of_point(w, point_code);
    return site >= 0 && w->layout->vault_of[site] != CP_LAYOUT_NOBODY;
}

/* Rows of one entity whose point is served. */
#define KEEP_SERVED(w, low, type)                                                                  \
    do {                                                                                           \
        type *kept_ = NULL;                                                                        \
        int32_t n_ = 0;                                                                            \
        CP_NEW((w)->ctx, (w)->ctx->run, kept_, (w)->rows->n_##low + 1);                            \
        for (int32_t r_ = 0; r_ < (w)->rows->n_##low; r_++)                                        \
            if (is_served((w), (w)->rows->low[r_].point_code)) kept_[n_++] = (w)->rows->low[r_];   \
        (w)->out->low = kept_;                                                                     \
        (w)->out->n_##low = n_;                                                                    \
    } while (0)

/* Zones: the first served point of a row's site tells the site of the network that it became. */
static cp_status lay_sites(work *w)
{
    const cp_rows *r = w->rows;
    const char **vault = NULL;
    cp_site *site = NULL;
    cp_point *point = NULL;
    named *list = NULL;
    int32_t n_sites = 0, n_points = 0;
    CP_NEW(w->ctx, w->ctx->run, site, r->n_site + 1);
    CP_NEW(w->ctx, w->ctx->run, point, r->n_point + 1);
    CP_NEW(w->ctx, w->ctx->scratch, vault, r->n_site + 1);
    CP_NEW(w->ctx, w->ctx->scratch, list, r->n_site + 1);
    for (int32_t i = 0; i < r->n_site; i++)
        list[i] = (named){r->site[i].code, i};
    qsort(list, (size_t)r->n_site, sizeof *list, by_code);
    for (int32_t p = 0; p < r->n_point; p++) {
        const int32_t s = site_of_point(w, r->point[p].code);
        if (s < 0 || w->layout->vault_of[s] == CP_LAYOUT_NOBODY) continue;
        const named key = {r->point[p].site_code, 0};
        const named *found = bsearch(&key, list, (size_t)r->n_site, sizeof *list, by_code);
        if (found == NULL) continue;
        vault[found->at] = w->layout->vaults[w->layout->vault_of[s]].code;
        point[n_points++] = r->point[p];
    }
    for (int32_t i = 0; i < r->n_site; i++) {
        if (vault[i] == NULL) continue;
        site[n_sites] = r->site[i];
        site[n_sites++].vault_code = vault[i];
    }
    if (n_points == 0) CP_FAIL(w->ctx, CP_E_INPUT, "the layout serves no site with a machine");
    w->out->site = site;
    w->out->n_site = n_sites;
    w->out->point = point;
    w->out->n_point = n_points;
    return CP_OK;
}

/* Is the site or point of the rows one of those that stay? `list` in byte order. */
static bool in_list(const named *list, int32_t n, const char *code)
{
    const named key = {code, 0};
    return bsearch(&key, list, (size_t)n, sizeof *list, by_code) != NULL;
}

/* What named a site or a point that has left. */
static cp_status forget_left(work *w)
{
    const cp_rows *r = w->rows;
    cp_rows *out = w->out;
    if (out->n_site == r->n_site && out->n_point == r->n_point) return CP_OK;
    named *gone = NULL;
    int32_t n_gone = 0, kept = 0;
    CP_NEW(w->ctx, w->ctx->scratch, gone, r->n_site + 1);
    for (int32_t i = 0; i < r->n_site; i++) {
        if (kept < out->n_site && strcmp(out->site[kept].code, r->site[i].code) == 0)
            kept++;
        else
            gone[n_gone++] = (named){r->site[i].code, i};
    }
    qsort(gone, (size_t)n_gone, sizeof *gone, by_code);
    cp_tariff *tariff = NULL;
    cp_travel_pair *pair = NULL;
    cp_event *event = NULL;
    CP_NEW(w->ctx, w->ctx->run, tariff, r->n_tariff + 1);
    CP_NEW(w->ctx, w->ctx->run, pair, r->n_travel_pair + 1);
    CP_NEW(w->ctx, w->ctx->run, event, r->n_event + 1);
    out->n_tariff = out->n_travel_pair = out->n_event = 0;
    for (int32_t k = 0; k < r->n_tariff; k++)
        if (!in_list(gone, n_gone, r->tariff[k].site_code)) tariff[out->n_tariff++] = r->tariff[k];
    for (int32_t k = 0; k < r->n_travel_pair; k++)
        if (!in_list(gone, n_gone, r->travel_pair[k].from_code) &&
            !in_list(gone, n_gone, r->travel_pair[k].to_code))
            pair[out->n_travel_pair++] = r->travel_pair[k];
    for (int32_t k = 0; k < r->n_event; k++)
        if (r->event[k].point_code[0] == '\0' || is_served(w, r->event[k].point_code))
            event[out->n_event++] = r->event[k];
    for (int32_t p = 0; p < out->n_point; p++)
        if (!is_served(w, out->point[p].owner_branch_code)) out->point[p].owner_branch_code = "";
    out->tariff = tariff;
    out->travel_pair = pair;
    out->event = event;
    return CP_OK;
}

/* Vault of the layout by code; -1. */
static int32_t laid(const work *w, const char *code)
{
    for (int32_t v = 0; v < w->layout->n_vaults; v++)
        if (strcmp(w->layout->vaults[v].code, code) == 0) return v;
    return -1;
}

static bool runs_today(const work *w, const char *code)
{
    for (int32_t v = 0; v < w->rows->n_vault; v++)
        if (strcmp(w->rows->vault[v].code, code) == 0)
            return w->rows->vault[v].status == CP_VAULT_EXISTING;
    return false;
}

/* Crew minutes a day for every vault of the layout. */
static cp_status share_crews(work *w, cp_vault *row)
{
    int64_t total = 0;
    bool limited = true;
    int64_t *part = NULL;
    const int32_t n = w->layout->n_vaults;
    CP_NEW(w->ctx, w->ctx->scratch, part, n);
    for (int32_t v = 0; v < w->rows->n_vault; v++) {
        if (w->rows->vault[v].status != CP_VAULT_EXISTING) continue;
        total += w->rows->vault[v].crew_min_per_day;
        limited = limited && w->rows->vault[v].crew_min_per_day > 0;
    }
    total = llround((double)total * w->growth);
    if (limited && total >= n) CP_TRY(cp_share_out(w->ctx, total, w->stops, n, 1, part));
    for (int32_t v = 0; v < n; v++)
        row[v].crew_min_per_day = limited ? (int32_t)part[v] : 0;
    return CP_OK;
}

static cp_status lay_vaults(work *w)
{
    const int32_t n = w->layout->n_vaults;
    cp_vault *row = NULL;
    int32_t kept = n;
    CP_NEW(w->ctx, w->ctx->run, row, n + w->rows->n_vault);
    memcpy(row, w->layout->vaults, (size_t)n * sizeof *row);
    for (int32_t v = 0; v < n; v++)
        row[v].status = CP_VAULT_EXISTING;
    CP_TRY(share_crews(w, row));
    /* The others stay as rows, closed: tariffs and events may name them. */
    for (int32_t v = 0; v < w->rows->n_vault; v++) {
        if (laid(w, w->rows->vault[v].code) >= 0) continue;
        row[kept] = w->rows->vault[v];
        row[kept++].status = CP_VAULT_CLOSED;
    }
    w->out->vault = row;
    w->out->n_vault = kept;
    return CP_OK;
}

static cp_status lay_cars(work *w)
{
    const cp_rows *r = w->rows;
    const int32_t n = w->layout->n_vaults;
    cp_car *car = NULL;
    int64_t *quota = NULL;
    int32_t today = 0, kept = 0, first = -1;
    for (int32_t c = 0; c < r->n_car; c++) {
        if (!runs_today(w, r->car[c].vault_code)) continue;
        if (first < 0) first = c;
        today++;
    }
    if (today == 0) CP_FAIL(w->ctx, CP_E_INPUT, "no vault that runs today has a car");
    int64_t total = (int64_t)ceil((double)today * w->growth - 1e-9);
    if (total < n) total = n;
    CP_NEW(w->ctx, w->ctx->scratch, quota, n);
    CP_NEW(w->ctx, w->ctx->run, car, total + today);
    CP_TRY(cp_share_out(w->ctx, total, w->stops, n, 1, quota));
    int32_t *movers = NULL, n_movers = 0, moved = 0;
    CP_NEW(w->ctx, w->ctx->scratch, movers, today);
    for (int32_t c = 0; c < r->n_car; c++) {
        if (!runs_today(w, r->car[c].vault_code)) continue;
        const int32_t v = laid(w, r->car[c].vault_code);
        if (v < 0 || quota[v] == 0) {
            movers[n_movers++] = c;
            continue;
        }
        quota[v]--;
        car[kept++] = r->car[c];
    }
    for (int32_t v = 0; v < n; v++)
        for (; quota[v] > 0; quota[v]--) {
            const bool own = moved < n_movers;
            car[kept] = r->car[own ? movers[moved] : first];
            moved++;
            if (!own) TEXT(w, car[kept].code, "%s+%d", r->car[first].code, (int)(moved - n_movers));
            car[kept].vault_code = w->layout->vaults[v].code;
            car[kept++].crew_code = ""; /* crews belong to vaults */
        }
    w->out->car = car;
    w->out->n_car = kept;
    return CP_OK;
}

/* Spare cassettes, model by model in the order of the rows. */
static cp_status lay_pool(work *w)
{
    const cp_rows *r = w->rows;
    const int32_t n = w->layout->n_vaults;
    cp_cassette_pool *pool = NULL;
    int64_t *part = NULL;
    int32_t kept = 0, today = 0;
    CP_NEW(w->ctx, w->ctx->run, pool, (int64_t)r->n_cassette_pool * n + 1);
    CP_NEW(w->ctx, w->ctx->scratch, part, n);
    for (int32_t v = 0; v < r->n_vault; v++)
        today += r->vault[v].status == CP_VAULT_EXISTING;
    for (int32_t k = 0; k < r->n_cassette_pool; k++) {
        const char *model = r->cassette_pool[k].cassette_model_code;
        int64_t total = 0;
        int32_t counted = 0, first = -1;
        for (int32_t q = 0; q < r->n_cassette_pool; q++) {
            const cp_cassette_pool *row = &r->cassette_pool[q];
            if (strcmp(row->cassette_model_code, model) != 0) continue;
            if (!runs_today(w, row->vault_code)) continue;
            if (first < 0) first = q;
            total += row->spare;
            counted++;
        }
        if (first != k || counted < today) continue;
        total = llround((double)total * w->growth);
        CP_TRY(cp_share_out(w->ctx, total, w->stops, n, 0, part));
        for (int32_t v = 0; v < n; v++)
            pool[kept++] = (cp_cassette_pool){.vault_code = w->layout->vaults[v].code,
                                              .cassette_model_code = model,
                                              .spare = (int32_t)part[v],
                                              .vault = -1,
                                              .cassette_model = -1};
    }
    w->out->cassette_pool = pool;
    w->out->n_cassette_pool = kept;
    return CP_OK;
}

/* Latest evening on which a vault's stock is told. */
static cp_day stock_day(const work *w, const char *vault_code)
{
    cp_day latest = CP_DAY_NONE;
    for (int32_t k = 0; k < w->rows->n_vault_stock; k++) {
        const cp_vault_stock *row = &w->rows->vault_stock[k];
        if (strcmp(row->vault_code, vault_code) != 0 || row->day >= w->days->today) continue;
        if (latest == CP_DAY_NONE || row->day > latest) latest = row->day;
    }
    return latest;
}

static bool same_notes(const cp_vault_stock *a, const cp_vault_stock *b)
{
    return a->state == b->state && strcmp(a->denomination_code, b->denomination_code) == 0;
}

static bool counts(const work *w, const cp_vault_stock *row)
{
    return runs_today(w, row->vault_code) && row->day == stock_day(w, row->vault_code);
}

static cp_status lay_stock(work *w)
{
    const cp_rows *r = w->rows;
    const int32_t n = w->layout->n_vaults;
    cp_vault_stock *stock = NULL;
    int64_t *part = NULL;
    bool *done = NULL;
    int32_t kept = 0;
    CP_NEW(w->ctx, w->ctx->run, stock, (int64_t)r->n_vault_stock * n + 1);
    CP_NEW(w->ctx, w->ctx->scratch, part, n);
    CP_NEW(w->ctx, w->ctx->scratch, done, r->n_vault_stock + 1);
    for (int32_t k = 0; k < r->n_vault_stock; k++) {
        if (done[k] || !counts(w, &r->vault_stock[k])) continue;
        int64_t total = 0;
        for (int32_t q = k; q < r->n_vault_stock; q++) {
            if (!same_notes(&r->vault_stock[q], &r->vault_stock[k])) continue;
            if (!counts(w, &r->vault_stock[q])) continue;
            total += r->vault_stock[q].notes;
            done[q] = true;
        }
        CP_TRY(cp_share_out(w->ctx, total, w->stops, n, 0, part));
        for (int32_t v = 0; v < n; v++) {
            stock[kept] = r->vault_stock[k];
            stock[kept].vault_code = w->layout->vaults[v].code;
            stock[kept].day = w->days->first - 1;
            stock[kept++].notes = part[v];
        }
    }
    w->out->vault_stock = stock;
    w->out->n_vault_stock = kept;
    return CP_OK;
}

/* Demand that grew, as overrides of every flow over the days planned. */
static cp_status lay_growth(work *w)
{
    cp_demand_override *o = NULL;
    int32_t n = 0;
    w->out->demand_override = NULL;
    w->out->n_demand_override = 0;
    if (w->layout->growth == NULL) return CP_OK;
    CP_NEW(w->ctx, w->ctx->run, o, 2 * (int64_t)w->out->n_point + 1);
    for (int32_t p = 0; p < w->out->n_point; p++) {
        const char *code = w->out->point[p].code;
        const double f = w->layout->growth[site_of_point(w, code)];
        if (f == 1) continue;
        for (int32_t flow = 0; flow < 2; flow++) {
            cp_demand_override *row = &o[n++];
            *row = (cp_demand_override){.point_code = code,
                                        .flow = flow,
                                        .denomination_code = "",
                                        .first_day = w->days->first,
                                        .last_day = w->days->first + w->days->n_days - 1,
                                        .factor_ppm = (int32_t)lround(1e6 * f),
                                        .amount_minor = -1,
                                        .author = "study",
                                        .reason = "growth of demand",
                                        .point = -1,
                                        .denomination = -1};
            TEXT(w, row->code, "growth-%d-%s", (int)flow, code);
        }
    }
    w->out->demand_override = o;
    w->out->n_demand_override = n;
    return CP_OK;
}

/* Balances, tariffs and dates of visits as if `first` were today. */
static cp_status shift_days(work *w)
{
    const cp_day by = w->days->first - w->days->today;
    if (by == 0) return CP_OK;
    cp_tariff *tariff = NULL;
    CP_NEW(w->ctx, w->ctx->run, tariff, w->out->n_tariff + 1);
    for (int32_t k = 0; k < w->out->n_tariff; k++) {
        tariff[k] = w->out->tariff[k];
        if (tariff[k].valid_from != CP_DAY_NONE) tariff[k].valid_from += by;
        if (tariff[k].valid_to != CP_DAY_NONE) tariff[k].valid_to += by;
    }
    w->out->tariff = tariff;
    for (int32_t k = 0; k < w->out->n_balance; k++)
        w->out->balance[k].day += by;
    for (int32_t p = 0; p < w->out->n_point; p++) {
        cp_point *point = &w->out->point[p];
        if (point->earliest_day != CP_DAY_NONE) point->earliest_day += by;
        if (point->latest_day != CP_DAY_NONE) point->latest_day += by;
    }
    return CP_OK;
}

static cp_status weigh(work *w)
{
    double all = 0, grown = 0;
    CP_NEW(w->ctx, w->ctx->scratch, w->stops, w->layout->n_vaults);
    for (int32_t i = 0; i < w->net->n_sites; i++) {
        const double g = w->layout->growth == NULL ? 1 : w->layout->growth[i];
        all += w->layout->stops[i];
        grown += g * w->layout->stops[i];
        if (w->layout->vault_of[i] != CP_LAYOUT_NOBODY)
            w->stops[w->layout->vault_of[i]] += g * w->layout->stops[i];
    }
    w->growth = all > 0 ? grown / all : 1;
    return CP_OK;
}

static cp_status lay_out(work *w)
{
    CP_TRY(weigh(w));
    CP_TRY(list_points(w));
    CP_TRY(lay_sites(w));
    CP_TRY(forget_left(w));
    KEEP_SERVED(w, cassette, cp_cassette);
    KEEP_SERVED(w, slot_option, cp_slot_option);
    KEEP_SERVED(w, balance, cp_balance);
    w->out->n_pin = w->out->n_substitution = 0;
    CP_TRY(lay_vaults(w));
    CP_TRY(lay_cars(w));
    CP_TRY(lay_pool(w));
    CP_TRY(lay_stock(w));
    CP_TRY(lay_growth(w));
    return shift_days(w);
}

cp_status cp_layout_rows(cp_ctx *ctx, const cp_rows *rows, const cp_network *net,
                         const cp_layout *layout, const cp_layout_days *days, cp_rows *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    work w = {.ctx = ctx, .rows = rows, .net = net, .layout = layout, .days = days, .out = out};
    *out = *rows;
    CP_TRY(lay_out(&w));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

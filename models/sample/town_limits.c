/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_limits.c - what a typical plan needs of every shared thing, and limits that make this a
 * given share of them. */
#include <math.h>
#include <string.h>

#include "models/sample/town.h"

#define MODELS 2
#define DENOMINATIONS 4
#define SHIFT_MIN 540
#define SHIFT_USED 0.90               /* of a shift: windows leave gaps at both ends */
#define METRES_PER_MIN (25000.0 / 60) /* speed and detour of the settings' defaults */
#define DETOUR 1.4
#define TOUR 0.7124 /* length of a long tour / sqrt(n * area): Beardwood et al. 1959 */
#define STOPS_PER_TOUR 13
#define WEEKDAYS (7.0 / 5) /* branches are served on five days of seven */
#define STOCK_DAYS 6
#define LEAST_NET 0.35 /* of a branch's withdrawals the vault is ready to bring */
/* What plans of generated banks of 240 points really need on a busy weekday, as a share of the
 * estimate below: they choose their own intervals and join visits of one address. With these the
 * first two weekdays of a plan at 90 % use come to 80-98 % of the limits and the other weekdays to
 * 70-90 %; with smaller ones a fresh bank starts above its limits. */
#define PLANS_CREW 1.00
#define PLANS_VALUE 0.80
#define PLANS_PACK 0.85
#define PLANS_SORT 0.85
#define PLANS_POOL 1.00

/* Expected need of a zone on an ordinary weekday. */
typedef struct need {
    int32_t sites;
    double x, y, reach; /* mean place, metres; mean distance from the vault */
    double area;        /* of the places, square metres */
    double stops, service_min, out_minor, back_notes;
    double boxes[MODELS];
    double notes[DENOMINATIONS]; /* leaving */
} need;

static int32_t vault_of(const cp_town *t, int32_t site)
{
    for (int32_t v = 0; v < t->rows->n_vault; v++)
        if (strcmp(t->rows->vault[v].code, t->rows->site[site].vault_code) == 0) return v;
    return 0;
}

static void metres_from(const cp_vault *v, const cp_site *s, double *x, double *y)
{
    *y = (s->lat_deg - v->lat_deg) * 111195.08;
    *x = (s->lon_deg - v->lon_deg) * 111195.08 * cos(v->lat_deg * 0.017453292519943295);
}

static void add_point(const cp_town *t, const cp_town_point *p, need *n)
{
    const cp_point *row = &t->rows->point[p->row];
    const bool branch = p->machine == CP_M_BRANCH;
    const double rate = (branch ? WEEKDAYS : 1) / p->interval;
    n->service_min += rate * (branch ? row->service_min_add : row->service_min_swap);
    n->out_minor += rate * p->load_minor;
    n->back_notes += rate * p->back_notes;
    if (!branch) n->boxes[p->machine == CP_M_DISPENSER ? 0 : 1] += rate * p->n_cassettes;
    for (int32_t k = 0; k < p->n_tills; k++) {
        const cp_till *till = &p->till[k];
        const double value = (double)till->value_minor;
        const double net =
            (p->out_mean * till->out_share - p->in_mean * till->in_share) / value * p->interval;
        /* What a branch takes in does not always come before it pays out. */
        const double gross = p->out_mean * till->out_share / value * p->interval;
        const double least = LEAST_NET * gross;
        const double out = branch ? (net > least ? net : least) : (double)till->target;
        n->notes[till->denomination] += rate * out;
    }
}

/* Machines of one address are visited together as often as the busiest needs it. */
static void add_site(const cp_town *t, int32_t site, double rate, need *n)
{
    const cp_site *s = &t->rows->site[site];
    double x = 0, y = 0;
    metres_from(&t->rows->vault[vault_of(t, site)], s, &x, &y);
    n->sites++;
    n->stops += rate;
    n->service_min += rate * s->service_min;
    n->reach += hypot(x, y);
    n->x += x;
    n->y += y;
    n->area += x * x + y * y;
}

static cp_status needs(cp_town *t, need **out)
{
    need *n = NULL;
    double *rate = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, n, t->rows->n_vault);
    CP_NEW(t->ctx, t->ctx->scratch, rate, t->rows->n_site);
    for (int32_t i = 0; i < t->o->n_points; i++) {
        const cp_town_point *p = &t->point[i];
        if (t->rows->point[p->row].serviced_by == CP_BY_BRANCH) continue;
        add_point(t, p, &n[vault_of(t, p->site)]);
        const double r = (p->machine == CP_M_BRANCH ? WEEKDAYS : 1) / p->interval;
        if (r > rate[p->site]) rate[p->site] = r;
    }
    for (int32_t i = 0; i < t->rows->n_site; i++)
        if (rate[i] > 0) add_site(t, i, rate[i] < 1 ? rate[i] : 1, &n[vault_of(t, i)]);
    for (int32_t v = 0; v < t->rows->n_vault; v++) {
        if (n[v].sites == 0) continue;
        const double m = n[v].sites;
        n[v].reach /= m;
        n[v].x /= m;
        n[v].y /= m;
        /* Two standard deviations round: the area where nearly all sites are. */
        const double spread = n[v].area / m - n[v].x * n[v].x - n[v].y * n[v].y;
        n[v].area = 3.14159265358979323846 * 2 * (spread > 1e4 ? spread : 1e4);
    }
    *out = n;
    return CP_OK;
}

static double drive_min(const need *n)
{
    if (n->stops <= 0) return 0;
    const double leg = TOUR * sqrt(n->area / n->stops);
    const double haul = 2 * n->reach / (n->stops < STOPS_PER_TOUR ? n->stops : STOPS_PER_TOUR);
    return (leg + haul) * DETOUR / METRES_PER_MIN;
}

/* need / use, up to a whole multiple of `unit`. */
static int64_t limit_of(const cp_town *t, double amount, int64_t unit)
{
    const double cap = amount * 100 / t->o->use_pct;
    return (int64_t)ceil(cap / (double)unit) * unit;
}

static void set_vault(const cp_town *t, const need *n, double minutes, cp_vault *v)
{
    const double boxes = n->boxes[0] + n->boxes[1];
    v->out_minor_per_day = limit_of(t, PLANS_VALUE * n->out_minor, 1000000);
    v->crew_min_per_day = (int32_t)limit_of(t, minutes, 10);
    v->pack_cassettes_per_day = (int32_t)limit_of(t, PLANS_PACK * boxes, 5);
    v->pack_overtime_cassettes = v->pack_cassettes_per_day / 5;
    v->sort_notes_per_day = (int32_t)limit_of(t, PLANS_SORT * n->back_notes, 10000);
    v->sort_overtime_notes = v->sort_notes_per_day / 20000 * 5000;
    v->dock_slots = 4;
    v->fixed_minor_per_day = 800000;
    /* A night's stock of some days and what came back. */
    v->insured_minor = 3 * STOCK_DAYS * (v->out_minor_per_day + 1000000);
}

static cp_status set_stock(cp_town *t, int32_t v, const need *n, cp_vault_stock *rows)
{
    for (int32_t d = 0; d < DENOMINATIONS; d++) {
        rows[d].vault_code = t->rows->vault[v].code;
        rows[d].denomination_code = t->rows->denomination[d].code;
        rows[d].state = CP_NOTE_ATM_FIT;
        rows[d].day = t->o->first_day - 1;
        rows[d].notes = ((int64_t)(n->notes[d] * STOCK_DAYS / 1000) + 1) * 1000;
    }
    return CP_OK;
}

static cp_status set_cars(cp_town *t, int32_t v, int32_t n_cars, int32_t first)
{
    for (int32_t c = first; c < first + n_cars; c++) {
        cp_car *car = &t->rows->car[c];
        cp_crew *crew = &t->rows->crew[c];
        const bool own = (c - first) % 10 < 7;
        TOWN_TEXT(t, crew->code, "T-%03d", 1 + (int)c);
        TOWN_TEXT(t, car->code, "C-%03d", 1 + (int)c);
        crew->vault_code = car->vault_code = t->rows->vault[v].code;
        car->crew_code = crew->code;
        car->carrier_code = own ? "K-1" : "K-2";
        car->insured_minor = own ? 2000000000 : 1200000000;
        car->volume_cm3 = 3000000;
        car->shift_end_min = car->shift_start_min + SHIFT_MIN;
    }
    return CP_OK;
}

/* Cars for the minutes at the asked use, and not fewer than carry the value twice over. */
static int32_t cars_for(const cp_town *t, double minutes)
{
    const double paid = SHIFT_MIN * SHIFT_USED * t->o->use_pct / 100;
    const int32_t n = (int32_t)ceil(minutes / paid);
    return n < 1 ? 1 : n;
}

static cp_status set_pools(cp_town *t, int32_t v, const need *n, cp_cassette_pool *rows)
{
    const int32_t lead = t->rows->vault[v].sort_lead_days;
    for (int32_t m = 0; m < MODELS; m++) {
        rows[m].vault_code = t->rows->vault[v].code;
        rows[m].cassette_model_code = t->rows->cassette_model[m].code;
        rows[m].spare = (int32_t)limit_of(t, PLANS_POOL * n->boxes[m] * lead, 1);
        /* At least one machine's set of either model. */
        if (rows[m].spare < 5) rows[m].spare = 5;
    }
    return CP_OK;
}

/* A candidate is laid out for the mean of the existing ones. */
static void set_candidate(const cp_town *t, int32_t n_existing, cp_vault *v)
{
    int64_t crew = 0, pack = 0, sort = 0;
    cp_minor out = 0;
    for (int32_t k = 0; k < n_existing; k++) {
        const cp_vault *like = &t->rows->vault[k];
        crew += like->crew_min_per_day;
        pack += like->pack_cassettes_per_day;
        sort += like->sort_notes_per_day;
        out += like->out_minor_per_day;
    }
    v->crew_min_per_day = (int32_t)(crew / n_existing / 10 * 10);
    v->pack_cassettes_per_day = (int32_t)(pack / n_existing);
    v->sort_notes_per_day = (int32_t)(sort / n_existing / 1000 * 1000);
    v->out_minor_per_day = out / n_existing / 1000000 * 1000000;
    v->dock_slots = 4;
    v->insured_minor = 3 * STOCK_DAYS * v->out_minor_per_day;
    v->fixed_minor_per_day = 720000;
}

cp_status cp_town_limits(cp_town *t)
{
    const int32_t n = t->rows->n_vault - t->o->n_candidates;
    need *need_of = NULL;
    int32_t *n_cars = NULL, cars = 0;
    CP_TRY(needs(t, &need_of));
    CP_NEW(t->ctx, t->ctx->scratch, n_cars, n);
    for (int32_t v = 0; v < n; v++) {
        const double minutes =
            PLANS_CREW * (need_of[v].service_min + need_of[v].stops * drive_min(&need_of[v]));
        set_vault(t, &need_of[v], minutes, &t->rows->vault[v]);
        n_cars[v] = cars_for(t, minutes);
        cars += n_cars[v];
    }
    CP_TRY(cp_town_rows(t, CP_ENTITY_CAR, cars));
    CP_TRY(cp_town_rows(t, CP_ENTITY_CREW, cars));
    CP_TRY(cp_town_rows(t, CP_ENTITY_CASSETTE_POOL, n * MODELS));
    CP_TRY(cp_town_rows(t, CP_ENTITY_VAULT_STOCK, n * DENOMINATIONS));
    cars = 0;
    for (int32_t v = 0; v < n; v++) {
        CP_TRY(set_cars(t, v, n_cars[v], cars));
        CP_TRY(set_pools(t, v, &need_of[v], &t->rows->cassette_pool[v * MODELS]));
        CP_TRY(set_stock(t, v, &need_of[v], &t->rows->vault_stock[v * DENOMINATIONS]));
        cars += n_cars[v];
    }
    for (int32_t v = n; v < t->rows->n_vault; v++)
        set_candidate(t, n, &t->rows->vault[v]);
    return CP_OK;
}

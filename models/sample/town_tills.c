/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_tills.c - how much a point moves, what it holds, how often it is best visited. */
#include <math.h>

#include "models/sample/town.h"

#define CNY10 0
#define CNY100 1
#define CNY20 2
#define CNY50 3
#define DISPENSER_BOX 2000 /* D-2500 with used notes */
#define RECYCLER_BOX 1804  /* R-2200 with used notes */
#define BRANCH_STEP 100    /* a strap */
#define SPREAD 0.32        /* of one day's demand, calendar effects included */
#define PEAK 1.15          /* of the mean over the days around paydays */
#define SAFETY 2.33        /* 99 % of a normal sum */
#define BEFORE 0.4         /* of a day's demand falls before the visit */
/* The history's rule: due with less than so many days' stock, or this part of a full till. */
#define DUE_DAYS 3.0
#define DUE_PART 0.7
/* For the choice of the interval only: fen a visit besides the tariff, and a day on a fen held. */
#define DRIVE_MINOR 6000
#define STOP_SITE_MINOR 7000
#define STOP_MACHINE_MINOR 3000
#define HOLD_A_DAY (24000 / 1e6 / 365)

static double clamp(double v, double lo, double hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static void add_till(cp_town_point *p, int32_t denomination, cp_role role, int32_t capacity,
                     double out_share, double in_share)
{
    static const cp_minor value[] = {1000, 10000, 2000, 5000};
    cp_till *till = &p->till[p->n_tills++];
    *till = (cp_till){.denomination = denomination,
                      .role = role,
                      .capacity = capacity,
                      .out_share = out_share,
                      .in_share = in_share,
                      .value_minor = value[denomination]};
    till->step = p->machine == CP_M_BRANCH ? BRANCH_STEP : 100;
}

/* The denomination besides CNY100, small enough not to run out first. */
static int32_t small_note(cp_rng *rng, double *share)
{
    const double u = cp_rng_unit(rng), about = 0.8 + 0.4 * cp_rng_unit(rng);
    if (u < 0.65) {
        *share = 0.080 * about;
        return CNY50;
    }
    *share = (u < 0.88 ? 0.028 : 0.013) * about;
    return u < 0.88 ? CNY20 : CNY10;
}

static void branch_tills(cp_town_point *p, cp_rng *rng)
{
    static const double out[] = {0.02, 0.86, 0.03, 0.09};
    static const int32_t capacity[] = {20000, 60000, 20000, 20000};
    for (int32_t d = 0; d < 4; d++) {
        const double in = out[d] * (d == CNY100 ? 1 : 0.7 + 0.5 * cp_rng_unit(rng));
        add_till(p, d, CP_ROLE_RECYCLE, capacity[d], out[d], in);
    }
    double sum = 0;
    for (int32_t d = 0; d < 4; d++)
        sum += p->till[d].in_share;
    for (int32_t d = 0; d < 4; d++)
        p->till[d].in_share /= sum;
}

static void machine_tills(cp_town_point *p, cp_rng *rng)
{
    double share = 0;
    const int32_t small = small_note(rng, &share);
    const bool bin = cp_rng_unit(rng) < 0.5;
    if (p->machine == CP_M_DISPENSER) {
        add_till(p, CNY100, CP_ROLE_DISPENSE, 3 * DISPENSER_BOX, 1 - share, 0);
        add_till(p, small, CP_ROLE_DISPENSE, DISPENSER_BOX, share, 0);
    } else if (p->machine == CP_M_RECYCLER) {
        /* What is paid in goes to recycling and, where there is one, to the bin by capacity. */
        const double to_bin = bin ? 0.25 : 0;
        add_till(p, CNY100, CP_ROLE_RECYCLE, 3 * RECYCLER_BOX, 1 - share,
                 (1 - share) * (1 - to_bin));
        add_till(p, small, CP_ROLE_RECYCLE, RECYCLER_BOX, share, share);
        if (bin) add_till(p, CNY100, CP_ROLE_DEPOSIT, RECYCLER_BOX, 0, (1 - share) * to_bin);
    } else {
        add_till(p, CNY100, CP_ROLE_DEPOSIT, 2 * RECYCLER_BOX, 0, 0.9);
        add_till(p, CNY50, CP_ROLE_DEPOSIT, RECYCLER_BOX, 0, 0.1);
    }
}

static void draw_levels(cp_town_point *p, cp_rng *rng)
{
    static const double busy[CP_N_SEGMENTS] = {1, 1.15, 1.30, 1.0, 1.25, 0.9, 0.8, 0.95, 1.35};
    const double a = exp(0.45 * cp_rng_normal(rng)), ratio = cp_rng_unit(rng);
    switch (p->machine) {
    case CP_M_BRANCH:
        p->out_mean = clamp(32e6 * a, 6e6, 120e6);
        p->in_mean = p->out_mean * (0.75 + 0.42 * ratio);
        break;
    case CP_M_DISPENSER:
        p->out_mean = clamp(7e6 * busy[p->segment] * a, 1.5e6, 13e6);
        break;
    case CP_M_RECYCLER:
        p->out_mean = clamp(8e6 * busy[p->segment] * a, 2e6, 11e6);
        p->in_mean = p->out_mean * (0.65 + 0.4 * ratio);
        break;
    case CP_M_DEPOSIT:
        p->in_mean = clamp(4.5e6 * a, 1e6, 7e6);
        break;
    }
}

/* Notes a day, and the largest part of the room that `days` may move, with the safety stock. */
typedef struct till_need {
    double load, top, mean; /* notes after a visit, most expected, on average */
} till_need;

static till_need need_of(const cp_town_point *p, const cp_till *till, double days)
{
    const double out = p->out_mean * till->out_share / (double)till->value_minor;
    const double in = p->in_mean * till->in_share / (double)till->value_minor;
    const double span = days + BEFORE;
    const double safety = SAFETY * SPREAD * sqrt((out * out + in * in) * span);
    till_need n = {0, 0, 0};
    if (till->role == CP_ROLE_DEPOSIT) {
        n.top = PEAK * in * span + safety;
        n.mean = in * days / 2;
    } else if (till->role == CP_ROLE_DISPENSE) {
        n.load = n.top = PEAK * out * span + safety;
        n.mean = n.load - out * days / 2;
    } else {
        /* Within a day cash is drawn before it is paid in: a whole day's withdrawals must be there,
         * and the drift of the other days. */
        const double net = out - in, others = span > 1 ? span - 1 : 0;
        n.load = PEAK * (out + (net > 0 ? net * others : 0)) + safety;
        n.top = n.load + (net < 0 ? -PEAK * net * span : 0) + 0.7 * safety;
        n.mean = n.load - net * days / 2;
    }
    return n;
}

static bool fits(const cp_town *t, const cp_town_point *p, int32_t days, double *mean_minor)
{
    double value = 0;
    *mean_minor = 0;
    for (int32_t k = 0; k < p->n_tills; k++) {
        const till_need n = need_of(p, &p->till[k], days);
        if (n.top > (double)p->till[k].capacity) return false;
        value += n.load * (double)p->till[k].value_minor;
        *mean_minor += n.mean * (double)p->till[k].value_minor;
    }
    const cp_minor insured = t->rows->point[p->row].insured_minor;
    return insured == 0 || value <= (double)insured;
}

static void take_interval(const cp_town *t, cp_town_point *p, int32_t days)
{
    (void)t;
    p->interval = days;
    p->load_minor = p->back_minor = p->back_notes = 0;
    for (int32_t k = 0; k < p->n_tills; k++) {
        cp_till *till = &p->till[k];
        const till_need n = need_of(p, till, days);
        const double value = (double)till->value_minor;
        const double out = p->out_mean * till->out_share / value;
        const double in = p->in_mean * till->in_share / value;
        till->target = (int64_t)ceil(n.load / till->step) * till->step;
        if (till->target > till->capacity) till->target = till->capacity / till->step * till->step;
        if (till->role == CP_ROLE_DEPOSIT) till->target = 0;
        /* A branch is filled up to its level and counted with all of it (plan_cost.h). */
        p->load_minor += (double)till->target * value;
        double left = (double)till->target - (out - in) * days;
        if (left < 0) left = 0;
        if (p->machine == CP_M_BRANCH) left = out < in ? (in - out) * days : 0;
        p->back_minor += left * value;
        p->back_notes += left;
    }
}

void cp_town_cycle(const cp_town *t, cp_town_point *p)
{
    const double visit = STOP_SITE_MINOR + STOP_MACHINE_MINOR + DRIVE_MINOR;
    double best = INFINITY;
    int32_t chosen = 1;
    for (int32_t days = 1; days <= t->o->longest_interval_days; days++) {
        double mean = 0;
        if (!fits(t, p, days, &mean)) continue;
        const double cost = visit / days + HOLD_A_DAY * mean;
        if (cost >= best) continue;
        best = cost;
        chosen = days;
    }
    take_interval(t, p, chosen);
}

bool cp_town_due(const cp_town_point *p)
{
    for (int32_t k = 0; k < p->n_tills; k++) {
        const cp_till *till = &p->till[k];
        const double out = p->out_mean * till->out_share / (double)till->value_minor;
        const double in = p->in_mean * till->in_share / (double)till->value_minor;
        const double safety = 0.75 * SPREAD * sqrt((out * out + in * in) * DUE_DAYS);
        const double room = (double)(till->capacity - till->notes), stock = (double)till->notes;
        const double net = out - in;
        double low = safety, high = safety;
        if (till->role == CP_ROLE_DISPENSE) low += DUE_DAYS * out;
        if (till->role == CP_ROLE_DEPOSIT) high += DUE_DAYS * in;
        if (till->role == CP_ROLE_RECYCLE) {
            low += out + (net > 0 ? (DUE_DAYS - 1) * net : 0);
            high += net < 0 ? -DUE_DAYS * net : 0;
        }
        /* Where little more than that fits, a full till is not due at once. */
        if (low > DUE_PART * (double)till->target) low = DUE_PART * (double)till->target;
        if (high > DUE_PART * (double)(till->capacity - till->target))
            high = DUE_PART * (double)(till->capacity - till->target);
        if (till->role != CP_ROLE_DEPOSIT && stock < low) return true;
        if (till->role != CP_ROLE_DISPENSE && room < high) return true;
    }
    return false;
}

static void set_cassette(cp_cassette *c, const char *point, int32_t slot, const cp_till *till,
                         const char *model)
{
    static const char *const codes[] = {"CNY10", "CNY100", "CNY20", "CNY50"};
    c->point_code = point;
    c->slot = slot;
    c->cassette_model_code = model;
    c->denomination_code = codes[till->denomination];
    c->role = till->role;
    c->step_notes = till->step;
}

static int32_t boxes_of(const cp_town_point *p, const cp_till *till)
{
    if (p->machine == CP_M_BRANCH) return 1;
    const int32_t box = p->machine == CP_M_DISPENSER ? DISPENSER_BOX : RECYCLER_BOX;
    return (int32_t)(till->capacity / box);
}

/* Slots of one point at c[0..); returns how many. */
static int32_t make_cassettes(const cp_town *t, const cp_town_point *p, cp_cassette *c)
{
    const char *code = t->rows->point[p->row].code;
    const char *model = p->machine == CP_M_DISPENSER ? "D-2500" : "R-2200";
    int32_t n = 0;
    for (int32_t k = 0; k < p->n_tills; k++) {
        const cp_till *till = &p->till[k];
        const int32_t boxes = boxes_of(p, till);
        for (int32_t b = 0; b < boxes; b++) {
            set_cassette(&c[n], code, n + 1, till, p->machine == CP_M_BRANCH ? "" : model);
            if (p->machine == CP_M_BRANCH) c[n].capacity_notes = (int32_t)till->capacity;
            /* Some banks know the shares, others leave them to the history. */
            if (p->machine == CP_M_DISPENSER && p->row % 3 == 0)
                c[n].share_ppm = (int32_t)(till->out_share * 1e6 / boxes);
            if (till->role == CP_ROLE_DISPENSE) c[n].low_notes = 100;
            n++;
        }
    }
    if (p->machine == CP_M_DISPENSER || p->machine == CP_M_RECYCLER) {
        const cp_till reject = {.denomination = CNY100, .role = CP_ROLE_REJECT, .step = 100};
        set_cassette(&c[n], code, n + 1, &reject, "");
        c[n].capacity_notes = 300;
        n++;
    }
    return n;
}

static void shape_point(cp_town *t, cp_town_point *p)
{
    cp_rng rng = cp_town_rng(t, "tills", p->row);
    cp_point *row = &t->rows->point[p->row];
    draw_levels(p, &rng);
    if (p->machine == CP_M_BRANCH) {
        branch_tills(p, &rng);
        row->insured_minor = p->out_mean > 60e6 ? 1200000000 : 600000000;
    } else {
        machine_tills(p, &rng);
        /* Machines outside branches are insured for less than they hold. */
        row->insured_minor = p->segment == CP_SEG_ONSITE ? 80000000 : 60000000;
    }
    p->split = cp_rng_unit(&rng) < 0.06;
    const int32_t young = 20 + (int32_t)cp_rng_below(&rng, 40);
    if (p->machine != CP_M_BRANCH && cp_rng_unit(&rng) < 0.03 && young < t->o->history_days)
        p->opened = t->o->history_days - young;
    cp_town_cycle(t, p);
}

cp_status cp_town_tills(cp_town *t)
{
    CP_TRY(cp_town_rows(t, CP_ENTITY_CASSETTE, t->o->n_points * 7));
    int32_t n = 0;
    for (int32_t i = 0; i < t->o->n_points; i++) {
        cp_town_point *p = &t->point[i];
        shape_point(t, p);
        const int32_t slots = make_cassettes(t, p, &t->rows->cassette[n]);
        for (int32_t s = n; s < n + slots; s++)
            if (t->rows->cassette[s].cassette_model_code[0] != '\0') p->n_cassettes++;
        n += slots;
    }
    t->rows->n_cassette = n;
    return CP_OK;
}

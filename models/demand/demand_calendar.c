/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_calendar.h"

#include <assert.h>
#include <string.h>

/* Columns every calendar has, by the first of each kind. */
enum {
    COL_MONTH_START = 0,                  /* 1st .. 15th */
    COL_MONTH_END = COL_MONTH_START + 15, /* last day, the one before, .. 16th of a long month */
    COL_WORK_START = COL_MONTH_END + 16,  /* first two working days of the month */
    COL_WORK_END = COL_WORK_START + 2,    /* last three */
    COL_QUARTER = COL_WORK_END + 3, /* last two working days of a quarter, first of the next */
    COL_PAYDAY = COL_QUARTER + 3,   /* day before, payday, two days after */
    COL_EVENT = COL_PAYDAY + 4,
    COL_OFF_WEEKEND,                     /* a holiday that falls on a weekend */
    COL_OFF_SHORT,                       /* in a run of one or two holidays */
    COL_OFF_LONG,                        /* first day, inner days, last day */
    COL_BEFORE_SHORT = COL_OFF_LONG + 3, /* one, two, three days before a run */
    COL_BEFORE_LONG = COL_BEFORE_SHORT + 3,
    COL_AFTER_SHORT = COL_BEFORE_LONG + 3, /* one, two, three days after a run */
    COL_AFTER_LONG = COL_AFTER_SHORT + 3,
    COL_MAKE_UP = COL_AFTER_LONG + 3,
    COL_BRIDGE,
    COL_YEAR, /* weeks from 1 January; what is left of the year counts to its end */
    COL_YEAR_END = COL_YEAR + 27,
    COL_YEAR_LAST = COL_YEAR_END + 26,
    N_GENERIC = COL_YEAR_LAST + 1
};

/* Positions of one holiday name: its days off, the days before and after its run. */
enum {
    NAME_OFF = 0,
    N_NAME_OFF = 10,
    NAME_BEFORE = 10,
    N_NAME_BEFORE = 5,   /* of a single holiday */
    N_FEAST_BEFORE = 10, /* of a festival */
    NAME_AFTER = 20,
    N_NAME_AFTER = 3,
    N_FEAST_AFTER = 7,
    NAME_PAY = 27, /* day before, payday, two days after */
    N_NAME = 31
};

#define LONG_RUN 3      /* holidays in a row */
#define FEAST_RUN 5     /* ... that the public prepares for and comes back from over weeks */
#define MARGIN 40       /* days looked at beyond the range: month ends, runs that begin outside */
#define MOST_GENERIC 24 /* generic columns that one day can have, with room */

/* A day as the calendar rows tell it, over the range and a margin. */
typedef struct day_facts {
    int32_t first_row, n_rows; /* in the list of rows sorted by day */
    bool off, make_up, payday, event, working;
} day_facts;

typedef struct builder {
    const cp_network *net;
    int32_t weekend;
    cp_day first; /* day of facts[0] */
    int32_t n;
    day_facts *facts;
    int32_t *row;  /* indexes of calendar rows by day */
    int32_t *name; /* row position -> name number */
    int32_t n_rows, n_names;
    int32_t *raw; /* columns of the day being looked at */
    int32_t n_raw;
} builder;

static const cp_calendar_day *row_at(const builder *b, int32_t k)
{
    return &b->net->rows.calendar_day[b->row[k]];
}

/* Bucket the calendar's rows by day (counting sort keeps the input order within a day) and number
 * the names in order of appearance. */
static cp_status gather_rows(cp_ctx *ctx, builder *b, int32_t calendar)
{
    const cp_rows *rows = &b->net->rows;
    for (int32_t r = 0; calendar >= 0 && r < rows->n_calendar_day; r++) {
        const int64_t i = (int64_t)rows->calendar_day[r].day - b->first;
        if (rows->calendar_day[r].calendar != calendar || i < 0 || i >= b->n) continue;
        b->facts[i].n_rows++;
        b->n_rows++;
    }
    CP_NEW(ctx, ctx->scratch, b->row, b->n_rows);
    CP_NEW(ctx, ctx->scratch, b->name, b->n_rows);
    int32_t at = 0;
    for (int32_t i = 0; i < b->n; i++) {
        b->facts[i].first_row = at;
        at += b->facts[i].n_rows;
        b->facts[i].n_rows = 0;
    }
    for (int32_t r = 0; b->n_rows > 0 && r < rows->n_calendar_day; r++) {
        const int64_t i = (int64_t)rows->calendar_day[r].day - b->first;
        if (rows->calendar_day[r].calendar != calendar || i < 0 || i >= b->n) continue;
        b->row[b->facts[i].first_row + b->facts[i].n_rows++] = r;
    }
    return CP_OK;
}

static void number_names(builder *b)
{
    for (int32_t k = 0; k < b->n_rows; k++) {
        const char *name = row_at(b, k)->name;
        b->name[k] = -1;
        if (name == NULL || name[0] == '\0') continue;
        for (int32_t j = 0; j < k && b->name[k] < 0; j++)
            if (b->name[j] >= 0 && strcmp(row_at(b, j)->name, name) == 0) b->name[k] = b->name[j];
        if (b->name[k] < 0) b->name[k] = b->n_names++;
    }
}

static void read_facts(builder *b)
{
    for (int32_t i = 0; i < b->n; i++) {
        day_facts *f = &b->facts[i];
        for (int32_t k = f->first_row; k < f->first_row + f->n_rows; k++) {
            const cp_day_kind kind = row_at(b, k)->kind;
            if (kind == CP_DAY_OFF) f->off = true;
            if (kind == CP_DAY_WORK) f->make_up = true;
            if (kind == CP_DAY_PAYDAY) f->payday = true;
            if (kind == CP_DAY_EVENT) f->event = true;
        }
        const bool weekend = (b->weekend >> cp_weekday(b->first + i)) & 1;
        f->make_up = f->make_up && weekend && !f->off;
        f->working = f->make_up || (!weekend && !f->off);
    }
}

static bool is_off(const builder *b, int32_t i)
{
    return i >= 0 && i < b->n && b->facts[i].off;
}

/* First row of the day that is a day off and has a name; -1 if none. */
static int32_t off_name(const builder *b, int32_t i)
{
    const day_facts *f = &b->facts[i];
    for (int32_t k = f->first_row; k < f->first_row + f->n_rows; k++)
        if (row_at(b, k)->kind == CP_DAY_OFF && b->name[k] >= 0) return b->name[k];
    return -1;
}

static void add(builder *b, int32_t col)
{
    for (int32_t k = 0; k < b->n_raw; k++)
        if (b->raw[k] == col) return;
    b->raw[b->n_raw++] = col;
}

static void add_named(builder *b, int32_t name, int32_t position)
{
    if (name >= 0) add(b, N_GENERIC + name * N_NAME + position);
}

/* Length of the run of days off that contains day i, and i's place in it. */
static int32_t run_length(const builder *b, int32_t i, int32_t *place)
{
    int32_t lo = i, hi = i;
    while (is_off(b, lo - 1))
        lo--;
    while (is_off(b, hi + 1))
        hi++;
    *place = i - lo;
    return hi - lo + 1;
}

static void add_month(builder *b, int32_t i)
{
    int32_t year = 0, month = 0, dom = 0;
    cp_day_split(b->first + i, &year, &month, &dom);
    const int32_t length = cp_days_in_month(year, month);
    add(b, dom <= 15 ? COL_MONTH_START + dom - 1 : COL_MONTH_END + length - dom);
    const int32_t past = b->first + i - cp_day_of(year, 1, 1);
    const int32_t left = cp_day_of(year, 12, 31) - (b->first + i);
    add(b, past < left ? COL_YEAR + past / 7 : COL_YEAR_END + left / 7);
    if (!b->facts[i].working) return;
    int32_t before = 0, after = 0; /* working days of the month on either side */
    for (int32_t k = 1; k < dom && k <= i; k++)
        before += b->facts[i - k].working;
    for (int32_t k = 1; k <= length - dom && i + k < b->n; k++)
        after += b->facts[i + k].working;
    if (before < 2) add(b, COL_WORK_START + before);
    if (after < 3) add(b, COL_WORK_END + after);
    if (month % 3 == 0 && after < 2) add(b, COL_QUARTER + after);
    if (month % 3 == 1 && before == 0) add(b, COL_QUARTER + 2);
}

static void add_off_day(builder *b, int32_t i)
{
    int32_t place = 0;
    const int32_t length = run_length(b, i, &place);
    const bool weekend = (b->weekend >> cp_weekday(b->first + i)) & 1;
    if (length < LONG_RUN)
        add(b, weekend ? COL_OFF_WEEKEND : COL_OFF_SHORT);
    else
        add(b, COL_OFF_LONG + (place == 0 ? 0 : place == length - 1 ? 2 : 1));
    const day_facts *f = &b->facts[i];
    for (int32_t k = f->first_row; k < f->first_row + f->n_rows; k++) {
        if (row_at(b, k)->kind != CP_DAY_OFF || b->name[k] < 0) continue;
        int32_t nth = 0; /* days of the same name just before */
        while (nth < N_NAME_OFF - 1 && is_off(b, i - nth - 1) &&
               off_name(b, i - nth - 1) == b->name[k])
            nth++;
        add_named(b, b->name[k], NAME_OFF + nth);
    }
}

/* Days near a run of holidays, which itself is not looked at here. */
static void add_near_run(builder *b, int32_t i)
{
    int32_t place = 0;
    for (int32_t k = 1; k <= N_FEAST_BEFORE; k++) {
        if (!is_off(b, i + k)) continue;
        const int32_t length = run_length(b, i + k, &place);
        if (length < FEAST_RUN && k > N_NAME_BEFORE) break;
        if (k <= 3) add(b, (length < LONG_RUN ? COL_BEFORE_SHORT : COL_BEFORE_LONG) + k - 1);
        add_named(b, off_name(b, i + k), NAME_BEFORE + k - 1);
        break;
    }
    for (int32_t k = 1; k <= N_FEAST_AFTER; k++) {
        if (!is_off(b, i - k)) continue;
        const int32_t length = run_length(b, i - k, &place);
        if (length < FEAST_RUN && k > N_NAME_AFTER) break;
        if (k <= 3) add(b, (length < LONG_RUN ? COL_AFTER_SHORT : COL_AFTER_LONG) + k - 1);
        add_named(b, off_name(b, i - k), NAME_AFTER + k - 1);
        break;
    }
    const bool alone = b->facts[i].working && i > 0 && i + 1 < b->n && !b->facts[i - 1].working &&
                       !b->facts[i + 1].working;
    if (alone && (is_off(b, i - 1) || is_off(b, i + 1))) add(b, COL_BRIDGE);
}

/* Days round paydays: all alike, and each name apart (salaries and pensions draw others). */
static void add_paydays(builder *b, int32_t i)
{
    for (int32_t k = -2; k <= 1; k++) {
        if (i + k < 0 || i + k >= b->n || !b->facts[i + k].payday) continue;
        const day_facts *f = &b->facts[i + k];
        add(b, COL_PAYDAY + 1 - k);
        for (int32_t r = f->first_row; r < f->first_row + f->n_rows; r++)
            if (row_at(b, r)->kind == CP_DAY_PAYDAY) add_named(b, b->name[r], NAME_PAY + 1 - k);
    }
}

/* All columns of day i, names not yet renumbered, into b->raw. */
static void columns_of(builder *b, int32_t i)
{
    b->n_raw = 0;
    add_month(b, i);
    add_paydays(b, i);
    const day_facts *f = &b->facts[i];
    for (int32_t k = f->first_row; k < f->first_row + f->n_rows; k++) {
        if (row_at(b, k)->kind != CP_DAY_EVENT) continue;
        add(b, COL_EVENT);
        add_named(b, b->name[k], NAME_OFF);
    }
    if (f->make_up) add(b, COL_MAKE_UP);
    if (f->off)
        add_off_day(b, i);
    else
        add_near_run(b, i);
}

static uint8_t slot_of(const builder *b, int32_t i)
{
    const int32_t weekday = cp_weekday(b->first + i);
    if (b->facts[i].make_up) return CP_SLOT_WORK;
    if (!b->facts[i].off || (b->weekend >> weekday) & 1) return (uint8_t)weekday;
    for (int32_t k = 6; k >= 0; k--)
        if ((b->weekend >> k) & 1) return (uint8_t)k;
    return (uint8_t)weekday;
}

/* Number the columns: the generic ones keep theirs, those of names follow in order of appearance
 * before learn_end. map[raw] = -1: never seen, so nothing can be known about it. */
static void number_columns(builder *b, cp_demand_calendar *c, cp_day learn_end, int32_t *map)
{
    for (int32_t r = 0; r < N_GENERIC + b->n_names * N_NAME; r++)
        map[r] = r < N_GENERIC ? r : -1;
    c->n_cols = N_GENERIC;
    for (int32_t i = 0; i < c->n_days && c->first_day + i < learn_end; i++) {
        columns_of(b, i + (c->first_day - b->first));
        for (int32_t k = 0; k < b->n_raw; k++)
            if (map[b->raw[k]] < 0) map[b->raw[k]] = c->n_cols++;
    }
}

/* Of a column as it was numbered at first. */
static cp_effect_family family_of(int32_t col)
{
    if (col >= N_GENERIC && (col - N_GENERIC) % N_NAME >= NAME_PAY) return CP_EFFECT_PAYDAY;
    if (col >= N_GENERIC) return CP_EFFECT_NAMED;
    if (col >= COL_YEAR) return CP_EFFECT_YEAR;
    if (col >= COL_EVENT) return CP_EFFECT_HOLIDAY;
    return col >= COL_PAYDAY ? CP_EFFECT_PAYDAY : CP_EFFECT_MONTH;
}

static cp_status fill_days(cp_ctx *ctx, builder *b, const int32_t *map, cp_demand_calendar *c)
{
    const int32_t shift = c->first_day - b->first;
    size_t n = 0;
    for (int32_t i = 0; i < c->n_days; i++) {
        columns_of(b, i + shift);
        n += (size_t)b->n_raw;
    }
    CP_NEW(ctx, ctx->run, c->col, n);
    CP_NEW(ctx, ctx->run, c->family, c->n_cols);
    for (int32_t r = 0; r < N_GENERIC + b->n_names * N_NAME; r++)
        if (map[r] >= 0) c->family[map[r]] = (uint8_t)family_of(r);
    int32_t at = 0;
    for (int32_t i = 0; i < c->n_days; i++) {
        c->start[i] = at;
        c->slot[i] = slot_of(b, i + shift);
        c->off[i] = b->facts[i + shift].off;
        columns_of(b, i + shift);
        for (int32_t k = 0; k < b->n_raw; k++) {
            const int32_t col = map[b->raw[k]];
            const cp_effect_family family = family_of(b->raw[k]);
            if (family == CP_EFFECT_HOLIDAY || family == CP_EFFECT_NAMED) c->special[i] = 1;
            if (col >= 0) c->col[at++] = (uint16_t)col;
        }
    }
    c->start[c->n_days] = at;
    return CP_OK;
}

static void number_years(cp_demand_calendar *c)
{
    int32_t first = 0, year = 0, month = 0, dom = 0;
    cp_day_split(c->first_day, &first, &month, &dom);
    for (int32_t i = 0; i < c->n_days; i++) {
        cp_day_split(c->first_day + i, &year, &month, &dom);
        c->year[i] = (uint8_t)(year - first < UINT8_MAX ? year - first : UINT8_MAX);
        c->n_years = c->year[i] + 1;
    }
}

static cp_status check_cover(cp_ctx *ctx, const cp_network *net, int32_t calendar, cp_day need_from,
                             cp_day to)
{
    if (calendar < 0) return CP_OK;
    const cp_calendar *c = &net->rows.calendar[calendar];
    char a[16], b[16], f[16], l[16];
    if (c->covered_from > need_from || c->covered_to < to)
        CP_FAIL(ctx, CP_E_INPUT,
                "calendar %s covers %s to %s; the forecast needs %s to %s, last covered day %s",
                c->code, cp_day_text(c->covered_from, f), cp_day_text(c->covered_to, l),
                cp_day_text(need_from, a), cp_day_text(to, b), l);
    return CP_OK;
}

static cp_status build_days(cp_ctx *ctx, builder *b, int32_t calendar, cp_day learn_end,
                            cp_demand_calendar *c)
{
    CP_NEW(ctx, ctx->scratch, b->facts, b->n);
    CP_TRY(gather_rows(ctx, b, calendar));
    number_names(b);
    read_facts(b);
    int32_t most_rows = 0;
    for (int32_t i = 0; i < b->n; i++)
        if (b->facts[i].n_rows > most_rows) most_rows = b->facts[i].n_rows;
    CP_NEW(ctx, ctx->scratch, b->raw, MOST_GENERIC + 6 * most_rows);
    int32_t *map = NULL;
    CP_NEW(ctx, ctx->scratch, map, N_GENERIC + b->n_names * N_NAME);
    number_columns(b, c, learn_end, map);
    if (c->n_cols > UINT16_MAX)
        CP_FAIL(ctx, CP_E_INPUT, "calendar %s: %d named days; more than can be told apart",
                b->net->rows.calendar[calendar].code, (int)c->n_cols);
    return fill_days(ctx, b, map, c);
}

cp_status cp_demand_calendar_make(cp_ctx *ctx, const cp_network *net, int32_t calendar, cp_day from,
                                  cp_day to, cp_day need_from, cp_day learn_end,
                                  cp_demand_calendar **out)
{
    CP_TRY(check_cover(ctx, net, calendar, need_from, to));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_demand_calendar *c = NULL;
    CP_NEW(ctx, ctx->run, c, 1);
    c->first_day = from;
    c->n_days = to - from + 1;
    CP_NEW(ctx, ctx->run, c->year, c->n_days);
    CP_NEW(ctx, ctx->run, c->slot, c->n_days);
    CP_NEW(ctx, ctx->run, c->off, c->n_days);
    CP_NEW(ctx, ctx->run, c->special, c->n_days);
    CP_NEW(ctx, ctx->run, c->start, c->n_days + 1);
    number_years(c);
    builder b = {.net = net, .first = from - MARGIN, .n = c->n_days + 2 * MARGIN};
    b.weekend = calendar < 0 ? 0x60 : net->rows.calendar[calendar].weekend_days;
    c->work_slots = 0x7F & ~b.weekend;
    if (c->work_slots == 0) c->work_slots = 0x7F;
    CP_TRY(build_days(ctx, &b, calendar, learn_end, c));
    CP_TRY(cp_demand_events_add(ctx, net, calendar, learn_end, c));
    cp_arena_rewind(ctx->scratch, mark);
    *out = c;
    return CP_OK;
}

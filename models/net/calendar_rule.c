/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/calendar_rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "models/net/calendar.h"
#include "models/net/feasts.h"

#define MOST_WORDS 32
#define WORD_SIZE 16
#define MOST_MOVE 31 /* days; a calendar without a working day for so long moves nothing */
#define MARGIN 45    /* days beyond what a calendar covers from which a day may move into it */
#define ALL_MONTHS 0xFFF

static const char *const weekdays[7] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
static const char *const months[12] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
static const char *const ordinals[4] = {"first", "second", "third", "fourth"};

/* ---- reading ----------------------------------------------------------------------------------
 */

typedef struct words {
    char word[MOST_WORDS][WORD_SIZE];
    int32_t n, at;
} words;

static bool split(const char *text, words *w)
{
    memset(w, 0, sizeof *w);
    while (*text != '\0') {
        if (*text == ' ' || *text == ',' || *text == ';') {
            text++;
            continue;
        }
        int32_t length = 0;
        if (w->n == MOST_WORDS) return false;
        while (*text != '\0' && *text != ' ' && *text != ',' && *text != ';') {
            if (length == WORD_SIZE - 1) return false;
            w->word[w->n][length++] = (char)tolower((unsigned char)*text++);
        }
        w->n++;
    }
    return w->n > 0;
}

static const char *peek(const words *w)
{
    return w->at < w->n ? w->word[w->at] : "";
}

static bool take(words *w, const char *word)
{
    if (strcmp(peek(w), word) != 0) return false;
    w->at++;
    return true;
}

static bool take_of(words *w, const char *const *names, int32_t n, int32_t *which)
{
    for (int32_t k = 0; k < n; k++)
        if (take(w, names[k])) {
            *which = k;
            return true;
        }
    return false;
}

static bool take_number(words *w, int32_t lo, int32_t hi, int32_t *out)
{
    char *end = NULL;
    const char *word = peek(w);
    const long v = strtol(word, &end, 10);
    if (end == word || *end != '\0' || v < lo || v > hi) return false;
    *out = (int32_t)v;
    w->at++;
    return true;
}

/* "first", "last" or a number that is not 0. */
static bool take_place(words *w, int32_t most, int32_t *n)
{
    int32_t k = 0;
    if (take_of(w, ordinals, 4, &k)) {
        *n = k + 1;
        return true;
    }
    if (take(w, "last")) {
        *n = -1;
        return true;
    }
    return take_number(w, -most, most, n) && *n != 0;
}

static const char *read_every(words *w, cp_day_rule *r)
{
    int32_t k = 0;
    bool weekday = true;
    r->form = CP_RULE_EVERY;
    r->n = 7;
    if (take_of(w, weekdays, 7, &r->weekday)) {
        /* Any day of that weekday will do to count from. */
        r->from = r->weekday - cp_weekday(0);
        return NULL;
    }
    if (take_of(w, ordinals, 4, &k) || (take_number(w, 1, 366, &k) && k-- > 0)) {
        r->n = 7 * (k + 1);
        if (take(w, "days")) {
            r->n = k + 1;
            weekday = false;
        } else if (take(w, "weeks")) {
            weekday = false;
        } else if (!take_of(w, weekdays, 7, &r->weekday)) {
            return "must say \"every second friday from DAY\" or \"every 14 days from DAY\"";
        }
    } else {
        return "must say what comes every time: \"every friday\", \"every 14 days from DAY\"";
    }
    if (!take(w, "from") || !cp_day_parse(peek(w), &r->from))
        return "must say from which day on it is counted: \"from 2026-01-02\"";
    w->at++;
    if (weekday && cp_weekday(r->from) != r->weekday)
        return "must be counted from a day of that weekday";
    return NULL;
}

static const char *read_feast(words *w, cp_day_rule *r)
{
    if (take(w, "easter"))
        r->form = CP_RULE_EASTER;
    else if (take(w, "orthodox") && take(w, "easter"))
        r->form = CP_RULE_ORTHODOX;
    else if (take(w, "spring") && take(w, "festival"))
        r->form = CP_RULE_SPRING;
    else
        return "must begin with day, working day, first .. last, every, a month, easter, orthodox "
               "easter or spring festival";
    r->n = 0;
    if (peek(w)[0] == '+' || peek(w)[0] == '-')
        if (!take_number(w, -200, 200, &r->n)) return "must be -200 to +200 days from the feast";
    return NULL;
}

static const char *read_months(words *w, cp_day_rule *r)
{
    int32_t k = 0;
    r->months = 0;
    while (take_of(w, months, 12, &k))
        r->months |= 1 << k;
    return r->months != 0 ? NULL : "must name months after \"of\"";
}

/* "last day", "first working day", "second friday": an ordinal came first. */
static const char *read_place(words *w, cp_day_rule *r)
{
    if (take(w, "day")) {
        r->form = CP_RULE_DAY;
    } else if (take(w, "working")) {
        r->form = CP_RULE_WORKING_DAY;
        if (!take(w, "day")) return "must be \"working day\"";
    } else if (take_of(w, weekdays, 7, &r->weekday)) {
        r->form = CP_RULE_NTH_WEEKDAY;
        if (r->n < -4 || r->n > 4) return "must be the first to fourth or last of a weekday";
    } else {
        return "must go on with day, working day or a weekday";
    }
    return NULL;
}

static const char *read_when(words *w, cp_day_rule *r)
{
    int32_t month = 0;
    if (take(w, "day")) {
        r->form = CP_RULE_DAY;
        return take_place(w, 31, &r->n) ? NULL : "must be day 1 to 31, or -1 to -31 from the end";
    }
    if (take(w, "working")) {
        r->form = CP_RULE_WORKING_DAY;
        const bool good = take(w, "day") && take_place(w, 23, &r->n);
        return good ? NULL : "must be working day 1 to 23, or -1 to -23 from the end";
    }
    if (take(w, "every")) return read_every(w, r);
    if (take_of(w, months, 12, &month)) {
        r->form = CP_RULE_DATE;
        r->month = month + 1;
        return take_number(w, 1, 31, &r->n) ? NULL : "must give the day after the month";
    }
    if (take_place(w, 4, &r->n)) return read_place(w, r);
    return read_feast(w, r);
}

bool cp_day_rule_parse(const char *text, cp_day_rule *out, const char **why)
{
    words w;
    cp_day_rule r = {.months = ALL_MONTHS};
    *why = "must be a rule of a few words";
    if (!split(text, &w)) return false;
    *why = read_when(&w, &r);
    if (*why != NULL) return false;
    if (r.form <= CP_RULE_NTH_WEEKDAY && take(&w, "of")) {
        *why = read_months(&w, &r);
        if (*why != NULL) return false;
    }
    if (take(&w, "or")) {
        const bool good = take(&w, "the") && take(&w, "working") && take(&w, "day");
        r.move = good && take(&w, "before") ? -1 : good && take(&w, "after") ? 1 : 0;
        if (r.move == 0) *why = "must end in \"or the working day before\" or \"after\"";
    }
    if (*why == NULL && w.at < w.n) *why = "must end here: further words are not understood";
    if (*why != NULL) return false;
    *out = r;
    return true;
}

/* ---- days -------------------------------------------------------------------------------------
 */

static bool is_working(const cp_network *net, int32_t calendar, cp_day day)
{
    bool working = false;
    (void)cp_calendar_lookup(net, calendar, day, &working);
    return working;
}

/* Is the day the n-th working day of its month, counted from the end where n < 0? */
static bool nth_working(const cp_network *net, int32_t calendar, cp_day day, int32_t n, int32_t dom,
                        int32_t length)
{
    if (!is_working(net, calendar, day)) return false;
    const int32_t step = n > 0 ? -1 : 1, left = n > 0 ? dom - 1 : length - dom;
    int32_t place = 1;
    for (int32_t k = 1; k <= left; k++)
        place += is_working(net, calendar, day + step * k);
    return place == abs(n);
}

bool cp_day_rule_names(const cp_network *net, int32_t calendar, const cp_day_rule *r, cp_day day)
{
    int32_t year = 0, month = 0, dom = 0;
    cp_day_split(day, &year, &month, &dom);
    const int32_t length = cp_days_in_month(year, month), last = length - dom + 1;
    if (r->form <= CP_RULE_NTH_WEEKDAY && !((r->months >> (month - 1)) & 1)) return false;
    switch (r->form) {
    case CP_RULE_DAY:
        if (r->n < 0) return last == (r->n < -length ? length : -r->n);
        return dom == (r->n > length ? length : r->n);
    case CP_RULE_WORKING_DAY:
        return nth_working(net, calendar, day, r->n, dom, length);
    case CP_RULE_NTH_WEEKDAY:
        return cp_weekday(day) == r->weekday &&
               (r->n > 0 ? (dom - 1) / 7 == r->n - 1 : (last - 1) / 7 == -r->n - 1);
    case CP_RULE_EVERY:
        return (day - r->from) % r->n == 0;
    case CP_RULE_DATE:
        return month == r->month && dom == r->n;
    case CP_RULE_EASTER:
        return day - r->n == cp_easter(year) || day - r->n == cp_easter(year - 1);
    case CP_RULE_ORTHODOX:
        return day - r->n == cp_orthodox_easter(year) || day - r->n == cp_orthodox_easter(year - 1);
    case CP_RULE_SPRING:
    default:
        return day - r->n == cp_spring_festival(year) ||
               day - r->n == cp_spring_festival(year + 1) ||
               day - r->n == cp_spring_festival(year - 1);
    }
}

cp_day cp_day_rule_moved(const cp_network *net, int32_t calendar, const cp_day_rule *r, cp_day day)
{
    for (int32_t k = 0; r->move != 0 && k <= MOST_MOVE; k++)
        if (is_working(net, calendar, day + r->move * k)) return day + r->move * k;
    return day;
}

/* ---- all rules of a network -------------------------------------------------------------------
 */

static bool is_first_pass(cp_day_kind kind)
{
    return kind == CP_DAY_OFF || kind == CP_DAY_WORK;
}

/* Days of one rule in order; counted first, so `to` may be NULL. */
static int32_t days_of(const cp_network *net, const cp_calendar_rule *row, const cp_day_rule *rule,
                       cp_calendar_day *to)
{
    const cp_calendar *c = &net->rows.calendar[row->calendar];
    int32_t n = 0;
    cp_day before = CP_DAY_NONE;
    for (cp_day day = c->covered_from - MARGIN; day <= c->covered_to + MARGIN; day++) {
        if (!cp_day_rule_names(net, row->calendar, rule, day)) continue;
        const cp_day moved = cp_day_rule_moved(net, row->calendar, rule, day);
        if (moved < c->covered_from || moved > c->covered_to || moved == before) continue;
        before = moved;
        if (to != NULL) {
            const cp_calendar_day d = {row->calendar_code, moved, row->kind, row->name,
                                       row->calendar};
            to[n] = d;
        }
        n++;
    }
    return n;
}

static cp_status expand_pass(cp_ctx *ctx, cp_network *net, const cp_day_rule *rule, bool first)
{
    cp_rows *r = &net->rows;
    cp_calendar_day *all = NULL;
    int32_t n = r->n_calendar_day;
    for (int32_t k = 0; k < r->n_calendar_rule; k++)
        if (is_first_pass(r->calendar_rule[k].kind) == first)
            n += days_of(net, &r->calendar_rule[k], &rule[k], NULL);
    CP_NEW(ctx, ctx->run, all, n);
    if (r->n_calendar_day > 0)
        memcpy(all, r->calendar_day, (size_t)r->n_calendar_day * sizeof *all);
    n = r->n_calendar_day;
    for (int32_t k = 0; k < r->n_calendar_rule; k++)
        if (is_first_pass(r->calendar_rule[k].kind) == first)
            n += days_of(net, &r->calendar_rule[k], &rule[k], all + n);
    r->calendar_day = all;
    r->n_calendar_day = n;
    return cp_calendar_days_sort(ctx, net);
}

cp_status cp_calendar_rules_expand(cp_ctx *ctx, cp_network *net)
{
    const cp_rows *r = &net->rows;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_day_rule *rule = NULL;
    CP_NEW(ctx, ctx->scratch, rule, r->n_calendar_rule);
    for (int32_t k = 0; k < r->n_calendar_rule; k++) {
        const char *why = NULL;
        if (!cp_day_rule_parse(r->calendar_rule[k].rule, &rule[k], &why))
            CP_FAIL(ctx, CP_E_INPUT, "calendar %s: the rule \"%s\" %s",
                    r->calendar_rule[k].calendar_code, r->calendar_rule[k].rule, why);
    }
    CP_TRY(expand_pass(ctx, net, rule, true));
    CP_TRY(expand_pass(ctx, net, rule, false));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

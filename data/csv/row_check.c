/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/row_check.h"

#include <string.h>

#include "models/net/calendar_rule.h"
#include "models/net/gs1.h"
#include "models/net/settings.h"

/* One row being asked; the first failure of the caller's function ends it. */
typedef struct checker {
    cp_ctx *ctx;
    const cp_entity *table;
    const bool *bad;
    cp_row_problem_fn *fn;
    void *user;
    cp_status status;
} checker;

static int32_t find_field(const checker *c, const char *name)
{
    for (int32_t f = 0; f < c->table->n_fields; f++)
        if (strcmp(c->table->fields[f].name, name) == 0) return f;
    return -1;
}

/* A rule about `field` that reads `other` too ("" for none). */
static void rule(checker *c, bool kept, const char *field, const char *other, const char *why)
{
    if (kept || c->status != CP_OK) return;
    const int32_t f = find_field(c, field), g = find_field(c, other);
    if (c->bad != NULL && ((f >= 0 && c->bad[f]) || (g >= 0 && c->bad[g]))) return;
    c->status = c->fn(c->ctx, c->user, f, why);
}

/* Null Island: what a failed geocoding leaves behind. */
static void check_place(checker *c, double lat, double lon)
{
    const bool nowhere = lat > -1e-9 && lat < 1e-9 && lon > -1e-9 && lon < 1e-9;
    rule(c, !nowhere, "lat_deg", "lon_deg", "(0, 0) is no place; must be the real coordinates");
}

static void check_gln(checker *c, const char *gln)
{
    rule(c, cp_gs1_gln_valid(gln), "gln", "", "must be 13 digits with a right check digit");
}

static void check_currency(checker *c, const cp_currency *row)
{
    bool good = strlen(row->code) == 3;
    for (size_t i = 0; good && i < 3; i++)
        good = row->code[i] >= 'A' && row->code[i] <= 'Z';
    rule(c, good, "code", "", "must be three capital letters (ISO 4217)");
}

static void check_site(checker *c, const cp_site *s)
{
    const bool second = s->open2_min >= 0, second_ends = s->close2_min >= 0;
    check_place(c, s->lat_deg, s->lon_deg);
    rule(c, s->close_min > s->open_min, "close_min", "open_min", "must be after open_min");
    rule(c, second == second_ends, "close2_min", "open2_min",
         "must be given together with open2_min");
    rule(c, !second || !second_ends || s->close2_min > s->open2_min, "close2_min", "open2_min",
         "must be after open2_min");
    rule(c, !second || s->open2_min >= s->close_min, "open2_min", "close_min",
         "must not be before close_min");
}

static void check_vault(checker *c, const cp_vault *v)
{
    check_place(c, v->lat_deg, v->lon_deg);
    check_gln(c, v->gln);
    rule(c, v->close_min > v->open_min, "close_min", "open_min", "must be after open_min");
}

static void check_point(checker *c, const cp_point *p)
{
    check_gln(c, p->gln);
    rule(c,
         p->earliest_day == CP_DAY_NONE || p->latest_day == CP_DAY_NONE ||
             p->latest_day >= p->earliest_day,
         "latest_day", "earliest_day", "must not be before earliest_day");
}

/* Asset number: 0, 13 digits with check digit, a serial of at most 16 characters. */
static void check_cassette(checker *c, const cp_cassette *row)
{
    rule(c, cp_gs1_grai_valid(row->grai), "grai", "",
         "must be 0, 13 digits with a right check digit, and at most 16 characters of serial");
}

static void check_override(checker *c, const cp_demand_override *o)
{
    rule(c, o->last_day >= o->first_day, "last_day", "first_day", "must not be before first_day");
    rule(c, (o->factor_ppm >= 0) != (o->amount_minor >= 0), "factor_ppm", "amount_minor",
         "and amount_minor: just one of the two must be given");
}

static void check_rule(checker *c, const cp_calendar_rule *row)
{
    cp_day_rule unused;
    const char *why = "";
    const bool good = cp_day_rule_parse(row->rule, &unused, &why);
    rule(c, good, "rule", "", why);
}

static void check_substitution(checker *c, const cp_substitution *s)
{
    rule(c, s->last_day >= s->first_day, "last_day", "first_day", "must not be before first_day");
    rule(c, strcmp(s->receiver_code, s->point_code) != 0, "receiver_code", "point_code",
         "must not be the closed point itself");
}

/* A setting is a field of its own table of keys. */
static void check_setting(checker *c, const cp_setting_row *s)
{
    cp_ctx *ctx = c->ctx;
    cp_settings unused;
    const char *allowed = NULL;
    if (find_field(c, "key") < 0 || (c->bad != NULL && c->bad[find_field(c, "key")])) return;
    const cp_field *key = cp_setting_by_key(s->key);
    rule(c, key != NULL, "key", "", "is no known setting");
    if (key == NULL || (c->bad != NULL && c->bad[find_field(c, "value")])) return;
    memset(&unused, 0, sizeof(unused));
    if (cp_field_parse(ctx, ctx->scratch, key, s->value, &unused, &allowed) == CP_OK) return;
    const char *why = cp_strf(ctx, ctx->scratch, "of the setting %s must be %s", s->key,
                              allowed != NULL ? allowed : "another value");
    if (why == NULL)
        c->status = CP_E_NOMEM;
    else
        rule(c, false, "value", "", why);
}

static void check_others(checker *c, int32_t t, const void *row)
{
    if (t == CP_ENTITY_CALENDAR) {
        const cp_calendar *calendar = row;
        rule(c, calendar->covered_to >= calendar->covered_from, "covered_to", "covered_from",
             "must not be before covered_from");
    } else if (t == CP_ENTITY_CENTRAL_BANK) {
        const cp_central_bank *bank = row;
        check_place(c, bank->lat_deg, bank->lon_deg);
    } else if (t == CP_ENTITY_CALENDAR_RULE) {
        check_rule(c, row);
    } else if (t == CP_ENTITY_EVENT) {
        const cp_event *event = row;
        rule(c, event->last_day >= event->first_day, "last_day", "first_day",
             "must not be before first_day");
    } else if (t == CP_ENTITY_ROAD_NODE) {
        const cp_road_node *node = row;
        check_place(c, node->lat_deg, node->lon_deg);
    } else if (t == CP_ENTITY_CAR) {
        const cp_car *car = row;
        rule(c, car->shift_end_min > car->shift_start_min, "shift_end_min", "shift_start_min",
             "must be after shift_start_min");
    } else if (t == CP_ENTITY_TARIFF) {
        const cp_tariff *tariff = row;
        rule(c, tariff->valid_to >= tariff->valid_from, "valid_to", "valid_from",
             "must not be before valid_from");
    }
}

cp_status cp_row_check(cp_ctx *ctx, int32_t t, const void *row, const bool *bad,
                       cp_row_problem_fn *fn, void *user)
{
    checker c = {ctx, cp_table(t), bad, fn, user, CP_OK};
    switch (t) {
    case CP_ENTITY_CURRENCY:
        check_currency(&c, row);
        break;
    case CP_ENTITY_VAULT:
        check_vault(&c, row);
        break;
    case CP_ENTITY_SITE:
        check_site(&c, row);
        break;
    case CP_ENTITY_POINT:
        check_point(&c, row);
        break;
    case CP_ENTITY_CASSETTE:
        check_cassette(&c, row);
        break;
    case CP_ENTITY_DEMAND_OVERRIDE:
        check_override(&c, row);
        break;
    case CP_ENTITY_SUBSTITUTION:
        check_substitution(&c, row);
        break;
    case CP_ENTITY_SETTING:
        check_setting(&c, row);
        break;
    default:
        check_others(&c, t, row);
        break;
    }
    return c.status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/row_check.h"

#include <string.h>

#include "models/net/gs1.h"
#include "models/net/settings.h"

/* Null Island: what a failed geocoding leaves behind. */
static bool is_nowhere(double lat, double lon)
{
    return lat > -1e-9 && lat < 1e-9 && lon > -1e-9 && lon < 1e-9;
}

static const char *check_place(double lat, double lon, const char **field)
{
    *field = "lat_deg";
    return is_nowhere(lat, lon) ? "(0, 0) is no place; must be the real coordinates" : NULL;
}

static const char *check_gln(const char *gln, const char **field)
{
    *field = "gln";
    return cp_gs1_gln_valid(gln) ? NULL : "must be 13 digits with a right check digit";
}

/* Asset number: 0, 13 digits with check digit, a serial of at most 16 characters. */
static const char *check_grai(const char *grai, const char **field)
{
    *field = "grai";
    if (cp_gs1_grai_valid(grai)) return NULL;
    return "must be 0, 13 digits with a right check digit, and at most 16 characters of serial";
}

static const char *check_currency(const cp_currency *c, const char **field)
{
    *field = "code";
    bool good = strlen(c->code) == 3;
    for (size_t i = 0; good && i < 3; i++)
        good = c->code[i] >= 'A' && c->code[i] <= 'Z';
    return good ? NULL : "must be three capital letters (ISO 4217)";
}

static const char *check_site(const cp_site *s, const char **field)
{
    const char *why = check_place(s->lat_deg, s->lon_deg, field);
    if (why != NULL) return why;
    *field = "close_min";
    if (s->close_min <= s->open_min) return "must be after open_min";
    *field = "close2_min";
    if ((s->open2_min < 0) != (s->close2_min < 0)) return "must be given together with open2_min";
    if (s->open2_min >= 0 && s->close2_min <= s->open2_min) return "must be after open2_min";
    *field = "open2_min";
    if (s->open2_min >= 0 && s->open2_min < s->close_min) return "must not be before close_min";
    return NULL;
}

static const char *check_vault(const cp_vault *v, const char **field)
{
    const char *why = check_place(v->lat_deg, v->lon_deg, field);
    if (why == NULL) why = check_gln(v->gln, field);
    if (why != NULL) return why;
    *field = "close_min";
    return v->close_min <= v->open_min ? "must be after open_min" : NULL;
}

static const char *check_point(const cp_point *p, const char **field)
{
    const char *why = check_gln(p->gln, field);
    if (why != NULL) return why;
    *field = "latest_day";
    if (p->earliest_day != CP_DAY_NONE && p->latest_day != CP_DAY_NONE &&
        p->latest_day < p->earliest_day)
        return "must not be before earliest_day";
    return NULL;
}

/* A setting is a field of its own table of keys. */
static const char *check_setting(cp_ctx *ctx, const cp_setting_row *s, const char **field)
{
    cp_settings unused;
    const char *why = NULL;
    const cp_field *key = cp_setting_by_key(s->key);
    *field = "key";
    if (key == NULL) return "is no known setting";
    *field = "value";
    memset(&unused, 0, sizeof(unused));
    if (cp_field_parse(ctx, ctx->scratch, key, s->value, &unused, &why) == CP_OK) return NULL;
    return cp_strf(ctx, ctx->scratch, "of the setting %s must be %s", s->key,
                   why != NULL ? why : "another value");
}

const char *cp_row_check(cp_ctx *ctx, int32_t t, const void *row, const char **field)
{
    switch (t) {
    case CP_ENTITY_CURRENCY:
        return check_currency(row, field);
    case CP_ENTITY_CALENDAR: {
        const cp_calendar *c = row;
        *field = "covered_to";
        return c->covered_to < c->covered_from ? "must not be before covered_from" : NULL;
    }
    case CP_ENTITY_CENTRAL_BANK: {
        const cp_central_bank *b = row;
        return check_place(b->lat_deg, b->lon_deg, field);
    }
    case CP_ENTITY_VAULT:
        return check_vault(row, field);
    case CP_ENTITY_ROAD_NODE: {
        const cp_road_node *n = row;
        return check_place(n->lat_deg, n->lon_deg, field);
    }
    case CP_ENTITY_SITE:
        return check_site(row, field);
    case CP_ENTITY_POINT:
        return check_point(row, field);
    case CP_ENTITY_CASSETTE:
        return check_grai(((const cp_cassette *)row)->grai, field);
    case CP_ENTITY_CAR: {
        const cp_car *c = row;
        *field = "shift_end_min";
        return c->shift_end_min <= c->shift_start_min ? "must be after shift_start_min" : NULL;
    }
    case CP_ENTITY_TARIFF: {
        const cp_tariff *f = row;
        *field = "valid_to";
        return f->valid_to < f->valid_from ? "must not be before valid_from" : NULL;
    }
    case CP_ENTITY_DEMAND_OVERRIDE: {
        const cp_demand_override *o = row;
        *field = "last_day";
        if (o->last_day < o->first_day) return "must not be before first_day";
        *field = "factor_ppm";
        if ((o->factor_ppm >= 0) == (o->amount_minor >= 0))
            return "and amount_minor: just one of the two must be given";
        return NULL;
    }
    case CP_ENTITY_SETTING:
        return check_setting(ctx, row, field);
    default:
        return NULL;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/network_check.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "models/base/text.h"
#include "models/net/calendar.h"
#include "models/net/gs1.h"
#include "models/net/issues.h"

#define ISSUE_TEXT_MAX 600
#define NO_PLACE_DEG 1e-6 /* nearer to (0, 0) than 0.1 m: a place not filled in */

static cp_status grow(cp_checker *k)
{
    if (k->found->n < k->room) return CP_OK;
    const int32_t room = k->room == 0 ? 64 : 2 * k->room;
    cp_issue *list = NULL;
    CP_NEW(k->ctx, k->ctx->run, list, room);
    if (k->found->n > 0) memcpy(list, k->found->list, (size_t)k->found->n * sizeof *list);
    k->found->list = list;
    k->room = room;
    return CP_OK;
}

cp_status cp_issue_add(cp_checker *k, cp_severity severity, cp_entity_id entity, const char *code,
                       const char *field, const char *format, ...)
{
    int64_t *const found[] = {&k->found->n_errors, &k->found->n_no_plan, &k->found->n_warnings};
    ++*found[severity];
    if (k->found->n >= CP_ISSUES_MAX) return CP_OK;
    CP_TRY(grow(k));
    char text[ISSUE_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)cp_vformat(text, sizeof text, format, args);
    va_end(args);
    cp_issue *issue = &k->found->list[k->found->n];
    *issue = (cp_issue){severity, cp_entities[entity].name, code, field, NULL};
    issue->text = cp_strdup(k->ctx, k->ctx->run, text);
    if (issue->text == NULL) return CP_E_NOMEM;
    k->found->n++;
    return CP_OK;
}

/* The value of a numeric field; false for texts and for values that stand for "not given". */
static bool number_of(const cp_field *field, const void *row, double *out)
{
    const char *at = (const char *)row + field->offset;
    int64_t whole = 0;
    int32_t small = 0;
    switch (field->type) {
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE:
    case CP_FIELD_BOOL:
        return false;
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
        memcpy(&whole, at, sizeof whole);
        *out = (double)whole;
        return true;
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        memcpy(out, at, sizeof *out);
        return true;
    default:
        memcpy(&small, at, sizeof small);
        *out = small;
        return !(field->type == CP_FIELD_DAY && small == CP_DAY_NONE &&
                 cp_field_may_be_empty(field));
    }
}

/* The key fields of a row, separated by spaces. */
static const char *key_text(cp_checker *k, const cp_entity *entity, const void *row)
{
    const int32_t n = entity->n_key > 0 ? entity->n_key : 2;
    const char *name = NULL;
    for (int32_t f = 0; f < n; f++) {
        const char *text = cp_field_text(k->ctx, k->ctx->run, &entity->fields[f], row);
        if (text == NULL) return NULL;
        if (text[0] == '\0') continue;
        name = name == NULL ? text : cp_strf(k->ctx, k->ctx->run, "%s %s", name, text);
        if (name == NULL) return NULL;
    }
    return name == NULL ? "" : name;
}

static cp_status out_of_range(cp_checker *k, cp_entity_id e, const void *row, const cp_field *field,
                              double v)
{
    const char *key = key_text(k, &cp_entities[e], row);
    if (key == NULL) return CP_E_NOMEM;
    return cp_issue_add(k, CP_ISSUE_ERROR, e, key, field->name,
                        "%s %s: %s is %.15g; must be %.15g to %.15g", cp_entities[e].name, key,
                        field->name, v, field->lo, field->hi);
}

static cp_status check_ranges(cp_checker *k)
{
    cp_rows rows = k->net->rows;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const char *array = *cp_rows_array(&rows, entity);
        const int32_t n = *cp_rows_count(&rows, entity);
        for (int32_t f = 0; f < entity->n_fields; f++)
            for (int32_t i = 0; i < n; i++) {
                const cp_field *field = &entity->fields[f];
                const char *row = array + (size_t)i * entity->row_size;
                double v = 0;
                if (!number_of(field, row, &v)) continue;
                if (v >= field->lo && v <= field->hi) continue;
                CP_TRY(out_of_range(k, (cp_entity_id)e, row, field, v));
            }
    }
    return CP_OK;
}

static cp_status check_place(cp_checker *k, cp_entity_id e, const char *code, double lat,
                             double lon)
{
    if (fabs(lat) > NO_PLACE_DEG || fabs(lon) > NO_PLACE_DEG) return CP_OK;
    return cp_issue_add(k, CP_ISSUE_ERROR, e, code, "lat_deg",
                        "%s %s: coordinates (0, 0) are a place not filled in", cp_entities[e].name,
                        code);
}

static cp_status check_places(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    for (int32_t i = 0; i < r->n_central_bank; i++)
        CP_TRY(check_place(k, CP_ENTITY_CENTRAL_BANK, r->central_bank[i].code,
                           r->central_bank[i].lat_deg, r->central_bank[i].lon_deg));
    for (int32_t i = 0; i < r->n_vault; i++)
        CP_TRY(check_place(k, CP_ENTITY_VAULT, r->vault[i].code, r->vault[i].lat_deg,
                           r->vault[i].lon_deg));
    for (int32_t i = 0; i < r->n_site; i++)
        CP_TRY(check_place(k, CP_ENTITY_SITE, r->site[i].code, r->site[i].lat_deg,
                           r->site[i].lon_deg));
    for (int32_t i = 0; i < r->n_road_node; i++)
        CP_TRY(check_place(k, CP_ENTITY_ROAD_NODE, r->road_node[i].code, r->road_node[i].lat_deg,
                           r->road_node[i].lon_deg));
    return CP_OK;
}

/* Calendars that the plan asks: those of points, of vaults with sites and of their central banks.
 */
static cp_status calendars_in_use(cp_checker *k, uint8_t **out)
{
    const cp_network *net = k->net;
    uint8_t *used = NULL;
    CP_NEW(k->ctx, k->ctx->scratch, used, net->rows.n_calendar + 1);
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t demand = cp_point_demand_calendar(&net->points[p]);
        if (net->points[p].calendar >= 0) used[net->points[p].calendar] = 1;
        if (demand >= 0) used[demand] = 1;
    }
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_vault *v = &net->vaults[net->sites[i].vault];
        if (v->calendar >= 0) used[v->calendar] = 1;
        if (v->central_bank < 0) continue;
        const int32_t c = net->rows.central_bank[v->central_bank].calendar;
        if (c >= 0) used[c] = 1;
    }
    *out = used;
    return CP_OK;
}

static cp_status check_coverage(cp_checker *k, const cp_calendar *c)
{
    char from[16], to[16], need[16];
    const cp_network *net = k->net;
    const cp_day last = net->first_day + net->n_days + net->settings.longest_interval_days - 1;
    if (c->covered_to < last)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CALENDAR, c->code, "covered_to",
                            "calendar %s ends on %s, this plan needs it until %s (%d days from %s "
                            "and the longest interval of %d days): bring the next year's holidays",
                            c->code, cp_day_text(c->covered_to, to), cp_day_text(last, need),
                            (int)net->n_days, cp_day_text(net->first_day, from),
                            (int)net->settings.longest_interval_days));
    if (c->covered_from > net->first_day)
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CALENDAR, c->code, "covered_from",
                            "calendar %s begins on %s, after the first plan day %s", c->code,
                            cp_day_text(c->covered_from, from), cp_day_text(net->first_day, to)));
    return CP_OK;
}

static cp_status check_calendar_days(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    char text[16];
    for (int32_t i = 0; i < r->n_calendar_day; i++) {
        const cp_calendar_day *d = &r->calendar_day[i];
        const cp_calendar *c = &r->calendar[d->calendar];
        if (d->day < c->covered_from || d->day > c->covered_to)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_CALENDAR_DAY, c->code, "day",
                                "calendar %s: %s lies outside the days it covers", c->code,
                                cp_day_text(d->day, text)));
        if (d->kind != CP_DAY_WORK) continue;
        int32_t first = 0;
        const int32_t n = cp_calendar_rows(k->net, d->calendar, d->day, &first);
        if (n > 0 && r->calendar_day[first].kind == CP_DAY_OFF) /* off sorts first */
            CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CALENDAR_DAY, c->code, "kind",
                                "calendar %s: %s is both a day off and a working day", c->code,
                                cp_day_text(d->day, text)));
    }
    return CP_OK;
}

static cp_status check_calendars(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    uint8_t *used = NULL;
    CP_TRY(calendars_in_use(k, &used));
    for (int32_t c = 0; c < r->n_calendar; c++) {
        if (r->calendar[c].covered_from > r->calendar[c].covered_to)
            CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CALENDAR, r->calendar[c].code,
                                "covered_to", "calendar %s: covered_to lies before covered_from",
                                r->calendar[c].code));
        else if (used[c] != 0)
            CP_TRY(check_coverage(k, &r->calendar[c]));
    }
    return check_calendar_days(k);
}

static cp_status check_currencies(cp_checker *k)
{
    const cp_rows *r = &k->net->rows;
    for (int32_t i = 0; i < r->n_currency; i++) {
        const char *code = r->currency[i].code;
        if (strlen(code) == 3 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) continue;
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CURRENCY, code, "code",
                            "currency %s: must be three capital letters of ISO 4217", code));
    }
    return CP_OK;
}

static cp_status check_tariffs(cp_checker *k)
{
    static const cp_tariff_item wanted[] = {CP_TARIFF_HOLD_PPM_YEAR, CP_TARIFF_CASH_OUT_PPM};
    static const char *const names[] = {"hold_ppm_year", "cash_out_ppm"};
    const cp_network *net = k->net;
    char day[16];
    for (int32_t i = 0; i < net->rows.n_tariff; i++) {
        const cp_tariff *t = &net->rows.tariff[i];
        if (t->valid_to >= t->valid_from) continue;
        const char *key = key_text(k, &cp_entities[CP_ENTITY_TARIFF], t);
        if (key == NULL) return CP_E_NOMEM;
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_TARIFF, key, "valid_to",
                            "tariff %s: valid_to lies before valid_from", key));
    }
    for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
        bool found = false;
        for (int32_t i = net->tariff_first[wanted[w]]; i < net->tariff_first[wanted[w] + 1]; i++)
            found = found || (net->rows.tariff[i].valid_from <= net->first_day &&
                              net->rows.tariff[i].valid_to >= net->first_day);
        if (!found && net->n_points > 0)
            CP_TRY(cp_issue_add(k, CP_ISSUE_WARNING, CP_ENTITY_TARIFF, names[w], "item",
                                "tariff %s: none is in force on %s; it counts as 0", names[w],
                                cp_day_text(net->first_day, day)));
    }
    return CP_OK;
}

static cp_status check_gln(cp_checker *k, cp_entity_id e, const char *code, const char *gln)
{
    if (cp_gs1_gln_valid(gln)) return CP_OK;
    return cp_issue_add(k, CP_ISSUE_ERROR, e, code, "gln",
                        "%s %s: gln '%s'; must be 13 digits with a right check digit",
                        cp_entities[e].name, code, gln);
}

static cp_status check_gs1(cp_checker *k)
{
    const cp_network *net = k->net;
    for (int32_t v = 0; v < net->n_vaults; v++)
        CP_TRY(check_gln(k, CP_ENTITY_VAULT, net->vaults[v].code, net->vaults[v].gln));
    for (int32_t p = 0; p < net->n_points; p++)
        CP_TRY(check_gln(k, CP_ENTITY_POINT, net->points[p].code, net->points[p].gln));
    for (int32_t c = 0; c < net->n_cassettes; c++) {
        const cp_cassette *s = &net->cassettes[c];
        if (cp_gs1_grai_valid(s->grai)) continue;
        CP_TRY(cp_issue_add(k, CP_ISSUE_ERROR, CP_ENTITY_CASSETTE, s->point_code, "grai",
                            "cassette %s slot %d: grai '%s'; must be 0, 13 digits with a right "
                            "check digit, and a serial",
                            s->point_code, (int)s->slot, s->grai));
    }
    return CP_OK;
}

/* Errors first; otherwise in the order in which they were found. */
static cp_status errors_first(cp_checker *k)
{
    cp_issue *list = NULL;
    CP_NEW(k->ctx, k->ctx->run, list, k->found->n);
    int32_t n = 0;
    for (int32_t severity = CP_ISSUE_ERROR; severity <= CP_ISSUE_WARNING; severity++)
        for (int32_t i = 0; i < k->found->n; i++)
            if (k->found->list[i].severity == (cp_severity)severity) list[n++] = k->found->list[i];
    k->found->list = list;
    return CP_OK;
}

cp_status cp_network_check(cp_ctx *ctx, const cp_network *net, cp_issues **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_checker k = {ctx, net, NULL, 0};
    CP_NEW(ctx, ctx->run, k.found, 1);
    CP_TRY(check_ranges(&k));
    CP_TRY(check_currencies(&k));
    CP_TRY(check_places(&k));
    CP_TRY(check_calendars(&k));
    CP_TRY(cp_check_fleet(&k));
    CP_TRY(cp_check_points(&k));
    CP_TRY(check_tariffs(&k));
    CP_TRY(check_gs1(&k));
    CP_TRY(errors_first(&k));
    cp_arena_rewind(ctx->scratch, mark);
    *out = k.found;
    return CP_OK;
}

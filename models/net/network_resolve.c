/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "models/base/text.h"
#include "models/net/build.h"

#define PROBLEM_TEXT_MAX 600

cp_status cp_build_problem(cp_build *b, const char *format, ...)
{
    b->n_problems++;
    if (b->n_problems > CP_BUILD_PROBLEMS_MAX) return CP_OK;
    char text[PROBLEM_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)cp_vformat(text, sizeof text, format, args);
    va_end(args);
    cp_log(&b->ctx->log, CP_LOG_ERROR, "%s", text);
    /* Not in scratch: callers rewind it while the list grows. */
    const char *copy = cp_strdup(b->ctx, b->ctx->run, text);
    if (copy == NULL) return CP_E_NOMEM;
    b->problem[b->n_problems - 1] = copy;
    return CP_OK;
}

cp_status cp_build_verdict(cp_build *b)
{
    if (b->n_problems == 0) return CP_OK;
    if (b->n_problems == 1) CP_FAIL(b->ctx, CP_E_INPUT, "%s", b->problem[0]);
    char text[CP_ERROR_TEXT_MAX];
    int used = cp_format(text, sizeof text, "%lld problems: ", (long long)b->n_problems);
    int64_t told = 0;
    /* Room is left for the words that count the rest. */
    const int room = (int)sizeof text - 40;
    while (told < b->n_problems && told < CP_BUILD_PROBLEMS_MAX) {
        const int more = (int)strlen(b->problem[told]) + 2;
        if (told > 0 && used + more > room) break;
        used += cp_format(text + used, sizeof text - (size_t)used, "%s%s", told == 0 ? "" : "; ",
                          b->problem[told]);
        told++;
    }
    if (told < b->n_problems)
        (void)cp_format(text + used, sizeof text - (size_t)used, "; and %lld more",
                        (long long)(b->n_problems - told));
    CP_FAIL(b->ctx, CP_E_INPUT, "%s", text);
}

int32_t cp_lookup_find(const cp_lookup *lookup, const char *code)
{
    int32_t lo = 0, hi = lookup->n;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        const int c = strcmp(lookup->code[mid], code);
        if (c == 0) return lookup->index[mid];
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

cp_status cp_build_lookups(cp_build *b)
{
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        if (entity->n_key != 1 || e == CP_ENTITY_SETTING) continue;
        const char *rows = *cp_rows_array(&b->net->rows, entity);
        cp_lookup *lookup = &b->lookup[e];
        lookup->n = *cp_rows_count(&b->net->rows, entity);
        CP_NEW(b->ctx, b->ctx->scratch, lookup->code, lookup->n);
        CP_NEW(b->ctx, b->ctx->scratch, lookup->index, lookup->n);
        for (int32_t i = 0; i < lookup->n; i++) {
            const char *row = rows + (size_t)i * entity->row_size;
            memcpy(&lookup->code[i], row + entity->fields[0].offset, sizeof(const char *));
            lookup->index[i] = i;
        }
    }
    return CP_OK;
}

/* One code field and the index that belongs to it. */
typedef struct link {
    cp_entity_id entity;
    int32_t phase;
    const char *field;
    size_t index;
} link;

#define LINK(phase, up, type, member)                                                              \
    {                                                                                              \
        CP_ENTITY_##up, phase, #member "_code", offsetof(type, member)                             \
    }

static const link links[] = {
    LINK(0, SITE, cp_site, vault),
    LINK(0, SITE, cp_site, road_node),
    LINK(0, POINT, cp_point, site),
    LINK(0, CAR, cp_car, vault),
    LINK(1, DENOMINATION, cp_denomination, currency),
    LINK(1, CENTRAL_BANK, cp_central_bank, calendar),
    LINK(1, CALENDAR_DAY, cp_calendar_day, calendar),
    LINK(1, CALENDAR_RULE, cp_calendar_rule, calendar),
    LINK(1, VAULT, cp_vault, central_bank),
    LINK(1, VAULT, cp_vault, calendar),
    LINK(1, VAULT_STOCK, cp_vault_stock, vault),
    LINK(1, VAULT_STOCK, cp_vault_stock, denomination),
    LINK(1, CASSETTE_POOL, cp_cassette_pool, vault),
    LINK(1, CASSETTE_POOL, cp_cassette_pool, cassette_model),
    LINK(1, CREW, cp_crew, vault),
    LINK(1, CAR, cp_car, carrier),
    LINK(1, CAR, cp_car, crew),
    LINK(1, ROAD_LINK, cp_road_link, from),
    LINK(1, ROAD_LINK, cp_road_link, to),
    LINK(1, POINT, cp_point, owner_branch),
    LINK(1, POINT, cp_point, calendar),
    LINK(1, POINT, cp_point, demand_calendar),
    LINK(1, EVENT, cp_event, point),
    LINK(1, EVENT, cp_event, vault),
    LINK(1, CASSETTE, cp_cassette, point),
    LINK(1, CASSETTE, cp_cassette, cassette_model),
    LINK(1, CASSETTE, cp_cassette, denomination),
    LINK(1, SLOT_OPTION, cp_slot_option, point),
    LINK(1, SLOT_OPTION, cp_slot_option, denomination),
    LINK(1, BALANCE, cp_balance, point),
    LINK(1, TARIFF, cp_tariff, vault),
    LINK(1, TARIFF, cp_tariff, carrier),
    LINK(1, TARIFF, cp_tariff, site),
    LINK(1, TARIFF, cp_tariff, cassette_model),
    LINK(1, PIN, cp_pin, point),
    LINK(1, PIN, cp_pin, car),
    LINK(1, DEMAND_OVERRIDE, cp_demand_override, point),
    LINK(1, DEMAND_OVERRIDE, cp_demand_override, denomination),
    LINK(1, SUBSTITUTION, cp_substitution, point),
    LINK(1, SUBSTITUTION, cp_substitution, receiver),
};

static const cp_field *field_of(const cp_entity *entity, const char *name)
{
    for (int32_t f = 0; f < entity->n_fields; f++)
        if (strcmp(entity->fields[f].name, name) == 0) return &entity->fields[f];
    return NULL;
}

/* "car C-01", or the key fields of a row that has no code of its own. */
static cp_status row_name(cp_build *b, const cp_entity *entity, const void *row, const char **out)
{
    cp_arena *arena = b->ctx->scratch;
    const int32_t n = entity->n_key > 0 ? entity->n_key : entity->n_fields;
    const char *name = entity->name;
    for (int32_t f = 0; f < n && name != NULL; f++) {
        const char *text = cp_field_text(b->ctx, arena, &entity->fields[f], row);
        if (text == NULL) return CP_E_NOMEM;
        if (text[0] != '\0') name = cp_strf(b->ctx, arena, "%s %s", name, text);
    }
    *out = name;
    return name == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status unknown(cp_build *b, const cp_entity *entity, const cp_field *field,
                         const void *row, const char *code)
{
    if (b->n_problems >= CP_BUILD_PROBLEMS_MAX) {
        b->n_problems++;
        return CP_OK;
    }
    const char *name = NULL;
    CP_TRY(row_name(b, entity, row, &name));
    const char *what = cp_entities[field->ref].name;
    if (code[0] == '\0')
        return cp_build_problem(b, "%s: %s is empty; must name a %s", name, field->name, what);
    return cp_build_problem(b, "%s: %s '%s' is no %s", name, field->name, code, what);
}

static cp_status resolve_link(cp_build *b, const link *l)
{
    const cp_entity *entity = &cp_entities[l->entity];
    const cp_field *field = field_of(entity, l->field);
    char *rows = *cp_rows_array(&b->net->rows, entity);
    const int32_t n = *cp_rows_count(&b->net->rows, entity);
    for (int32_t i = 0; i < n; i++) {
        char *row = rows + (size_t)i * entity->row_size;
        const char *code = NULL;
        memcpy(&code, row + field->offset, sizeof code);
        int32_t index = -1;
        if (code[0] != '\0') index = cp_lookup_find(&b->lookup[field->ref], code);
        if (index < 0 && (code[0] != '\0' || !cp_field_may_be_empty(field)))
            CP_TRY(unknown(b, entity, field, row, code));
        memcpy(row + l->index, &index, sizeof index);
    }
    return CP_OK;
}

cp_status cp_build_resolve(cp_build *b, int32_t phase)
{
    for (size_t k = 0; k < sizeof links / sizeof links[0]; k++)
        if (links[k].phase == phase) CP_TRY(resolve_link(b, &links[k]));
    return CP_OK;
}

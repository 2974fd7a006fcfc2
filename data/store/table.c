/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/table.h"

#include <sqlite3.h>
#include <string.h>

#define MONEY_MAX 1e15 /* CP_MINOR_MAX */
#define DAY_MAX 200000 /* as in models/net/fields.c */

static const char *const flow_names[] = {"withdrawal", "deposit", NULL};

/* Names of all sets of CP_FAULT_ bits, by value. */
static const char *const fault_names[] = {"none",
                                          "cash_out",
                                          "full",
                                          "cash_out+full",
                                          "out_of_service",
                                          "cash_out+out_of_service",
                                          "full+out_of_service",
                                          "cash_out+full+out_of_service",
                                          "mode_switch",
                                          "cash_out+mode_switch",
                                          "full+mode_switch",
                                          "cash_out+full+mode_switch",
                                          "out_of_service+mode_switch",
                                          "cash_out+out_of_service+mode_switch",
                                          "full+out_of_service+mode_switch",
                                          "cash_out+full+out_of_service+mode_switch",
                                          NULL};
static const char *const kind_names[] = {"swap", "add", "pickup", "partial_swap", NULL};

static const cp_field history_fields[] = {
    {"point_code", CP_FIELD_CODE, offsetof(cp_history_row, point_code), true, 0, 0, NULL, NULL,
     CP_ENTITY_POINT, "machine or branch"},
    {"day", CP_FIELD_DAY, offsetof(cp_history_row, day), true, -DAY_MAX, DAY_MAX, NULL, NULL, -1,
     "the day"},
    {"flow", CP_FIELD_ENUM, offsetof(cp_history_row, flow), true, 0, 1, NULL, flow_names, -1,
     "withdrawal: taken out by the public; deposit: paid in"},
    {"denomination_code", CP_FIELD_CODE, offsetof(cp_history_row, denomination_code), false, 0, 0,
     "", NULL, CP_ENTITY_DENOMINATION, "denomination; none: all together"},
    {"amount_minor", CP_FIELD_MINOR, offsetof(cp_history_row, amount_minor), true, 0, MONEY_MAX,
     NULL, NULL, -1, "value, minor units"},
    {"faults", CP_FIELD_ENUM, offsetof(cp_history_row, faults), false, 0, 15, "none", fault_names,
     -1, "none, or cash_out, full, out_of_service, mode_switch in this order, joined by +"},
};

static const cp_field executed_fields[] = {
    {"point_code", CP_FIELD_CODE, offsetof(cp_executed_visit, point_code), true, 0, 0, NULL, NULL,
     CP_ENTITY_POINT, "machine or branch"},
    {"day", CP_FIELD_DAY, offsetof(cp_executed_visit, day), true, -DAY_MAX, DAY_MAX, NULL, NULL, -1,
     "the day"},
    {"kind", CP_FIELD_ENUM, offsetof(cp_executed_visit, kind), true, 0, 3, NULL, kind_names, -1,
     "what was done"},
    {"denomination_code", CP_FIELD_CODE, offsetof(cp_executed_visit, denomination_code), true, 0, 0,
     NULL, NULL, CP_ENTITY_DENOMINATION, "denomination"},
    {"car_code", CP_FIELD_CODE, offsetof(cp_executed_visit, car_code), false, 0, 0, "", NULL,
     CP_ENTITY_CAR, "car; none: not told"},
    {"arrived_min", CP_FIELD_MINUTE, offsetof(cp_executed_visit, arrived_min), false, -1, 2880, "",
     NULL, -1, "arrival; empty = not told"},
    {"loaded_notes", CP_FIELD_INT64, offsetof(cp_executed_visit, loaded_notes), true, 0, 1e9, NULL,
     NULL, -1, "notes put in"},
    {"returned_notes", CP_FIELD_INT64, offsetof(cp_executed_visit, returned_notes), true, 0, 1e9,
     NULL, NULL, -1, "notes that came back, as counted"},
    {"difference_notes", CP_FIELD_INT64, offsetof(cp_executed_visit, difference_notes), false, -1e9,
     1e9, "0", NULL, -1, "notes booked minus notes counted"},
};

/* Not in cp_rows: their offsets there are never used. */
static const cp_entity history_table = {"history",
                                        sizeof(cp_history_row),
                                        6,
                                        4,
                                        history_fields,
                                        0,
                                        0,
                                        "Demand by point, day, flow and denomination"};
static const cp_entity executed_table = {"executed_visit",
                                         sizeof(cp_executed_visit),
                                         9,
                                         4,
                                         executed_fields,
                                         0,
                                         0,
                                         "Visits as they were carried out and counted"};

const cp_entity *cp_table(int32_t index)
{
    if (index == CP_TABLE_HISTORY) return &history_table;
    if (index == CP_TABLE_EXECUTED) return &executed_table;
    return &cp_entities[index];
}

int32_t cp_table_by_name(const char *name)
{
    for (int32_t i = 0; i < CP_N_TABLES; i++)
        if (strcmp(cp_table(i)->name, name) == 0) return i;
    return -1;
}

bool cp_field_nullable(const cp_entity *table, int32_t f)
{
    const cp_field *field = &table->fields[f];
    if (f < table->n_key || field->required) return false;
    if (field->type == CP_FIELD_CODE) return field->ref >= 0;
    return field->type == CP_FIELD_DAY && field->dflt != NULL && field->dflt[0] == '\0';
}

static int32_t read_small(const cp_field *field, const void *row)
{
    int32_t v = 0;
    memcpy(&v, (const char *)row + field->offset, sizeof(v));
    return v;
}

cp_status cp_field_bind(cp_ctx *ctx, const cp_field *field, const void *row, sqlite3_stmt *stmt,
                        int param)
{
    const void *at = (const char *)row + field->offset;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    switch (field->type) {
    case CP_FIELD_INT:
    case CP_FIELD_MINUTE:
        sqlite3_bind_int(stmt, param, read_small(field, row));
        break;
    case CP_FIELD_BOOL:
        sqlite3_bind_int(stmt, param, *(const bool *)at ? 1 : 0);
        break;
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR: {
        int64_t v = 0;
        memcpy(&v, at, sizeof(v));
        sqlite3_bind_int64(stmt, param, v);
        break;
    }
    case CP_FIELD_DEG:
    case CP_FIELD_REAL: {
        double v = 0;
        memcpy(&v, at, sizeof(v));
        sqlite3_bind_double(stmt, param, v);
        break;
    }
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE: {
        const char *v = NULL;
        memcpy(&v, at, sizeof(v));
        sqlite3_bind_text(stmt, param, v != NULL ? v : "", -1, SQLITE_TRANSIENT);
        break;
    }
    case CP_FIELD_DAY:
    case CP_FIELD_ENUM:
    case CP_FIELD_DAYS: {
        const char *v = cp_field_text(ctx, ctx->scratch, field, row);
        if (v == NULL) return CP_E_NOMEM;
        sqlite3_bind_text(stmt, param, v, -1, SQLITE_TRANSIENT);
        break;
    }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status refuse_stored(cp_ctx *ctx, const cp_field *field, const char *text,
                               const char *why)
{
    CP_FAIL(ctx, CP_E_INPUT, "the database holds \"%s\" as %s; it must be %s", text, field->name,
            why);
}

/* Texts, days, names and weekdays are read by the same rules as those of a file. */
static cp_status read_as_text(cp_ctx *ctx, const cp_field *field, sqlite3_stmt *stmt, int col,
                              void *row)
{
    const unsigned char *found = sqlite3_column_text(stmt, col);
    const char *text = found != NULL ? (const char *)found : "";
    const char *why = NULL;
    const cp_status st = cp_field_parse(ctx, ctx->run, field, text, row, &why);
    return st == CP_E_INPUT ? refuse_stored(ctx, field, text, why) : st;
}

cp_status cp_field_read(cp_ctx *ctx, const cp_field *field, sqlite3_stmt *stmt, int col, void *row)
{
    void *at = (char *)row + field->offset;
    const int64_t whole = sqlite3_column_int64(stmt, col);
    const double real = sqlite3_column_double(stmt, col);
    const int32_t small = (int32_t)whole;
    const bool yes = whole != 0;
    const bool is_real = field->type == CP_FIELD_DEG || field->type == CP_FIELD_REAL;
    switch (field->type) {
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE:
    case CP_FIELD_DAY:
    case CP_FIELD_ENUM:
    case CP_FIELD_DAYS:
        return read_as_text(ctx, field, stmt, col, row);
    case CP_FIELD_BOOL:
        memcpy(at, &yes, sizeof(yes));
        return CP_OK;
    default:
        break;
    }
    const double v = is_real ? real : (double)whole;
    if (!(v >= field->lo && v <= field->hi))
        return refuse_stored(ctx, field, (const char *)sqlite3_column_text(stmt, col),
                             cp_strf(ctx, ctx->run, "from %.15g to %.15g", field->lo, field->hi));
    if (is_real)
        memcpy(at, &real, sizeof(real));
    else if (field->type == CP_FIELD_INT64 || field->type == CP_FIELD_MINOR)
        memcpy(at, &whole, sizeof(whole));
    else
        memcpy(at, &small, sizeof(small));
    return CP_OK;
}

char *cp_field_list(cp_ctx *ctx, const cp_entity *table, int32_t from, int32_t to,
                    const char *before, const char *after)
{
    size_t room = 1;
    for (int32_t f = from; f < to; f++)
        room += strlen(table->fields[f].name) + strlen(before) + strlen(after) + 2;
    char *out = cp_alloc(ctx, ctx->scratch, room, 1);
    if (out == NULL) return NULL;
    char *at = out;
    for (int32_t f = from; f < to; f++) {
        const char *parts[] = {f == from ? "" : ", ", before, table->fields[f].name, after};
        for (int i = 0; i < 4; i++) {
            memcpy(at, parts[i], strlen(parts[i]));
            at += strlen(parts[i]);
        }
    }
    *at = '\0';
    return out;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_history.c - the last weeks of the history as recorded, and all its repairs with reasons. */
#include "viz/page_column.h"
#include "viz/page_data.h"

/* Amounts by point and day, -1 = no record; an empty array where nothing is known of the flow. */
static void write_flow(cp_json *json, const cp_history *h, cp_flow flow, const char *name)
{
    const int64_t n = (int64_t)h->n_points * h->n_days;
    const cp_minor *amount = h->amount + (int64_t)flow * n;
    bool any = false;
    for (int64_t i = 0; i < n && !any; i++)
        any = amount[i] != CP_HISTORY_MISSING && amount[i] > 0;
    cp_json_array_flat(json, name);
    for (int64_t i = 0; i < n && any; i++)
        cp_json_int(json, NULL, amount[i] == CP_HISTORY_MISSING ? -1 : amount[i]);
    cp_json_end(json);
}

void cp_page_write_history(cp_json *json, const cp_page_before *before)
{
    static const cp_history no_history = {.n_days = 0};
    static const cp_repairs no_repairs = {NULL, 0, NULL};
    const bool known = before != NULL && before->history != NULL && before->repairs != NULL;
    const cp_history *h = known ? before->history : &no_history;
    const cp_repairs *r = known ? before->repairs : &no_repairs;
    const int32_t n = (int32_t)r->n;
    const cp_repair_row *row = r->row;
    cp_json_object(json, "history");
    cp_json_day(json, "first_day", h->first_day);
    cp_json_int(json, "n_days", h->n_days);
    write_flow(json, h, CP_FLOW_WITHDRAWAL, "withdrawal");
    write_flow(json, h, CP_FLOW_DEPOSIT, "deposit");
    cp_json_object(json, "repairs");
    COLUMN_INT(json, "point", n, row[k].point);
    COLUMN_INT(json, "flow", n, (int64_t)row[k].flow);
    COLUMN_INT(json, "day", n, row[k].day - h->first_day); /* below 0: before the weeks shown */
    COLUMN_TEXT(json, "reason", n, cp_repair_name(row[k].reason));
    COLUMN_INT(json, "repaired_minor", n, row[k].repaired_minor);
    COLUMN_INT(json, "weight_ppm", n, row[k].weight_ppm);
    COLUMN_INT(json, "level_ppm", n, row[k].level_ppm);
    cp_json_end(json);
    cp_json_end(json);
}

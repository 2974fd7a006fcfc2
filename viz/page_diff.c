/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_diff.c - pins as they were asked for, and what changed since the plan before. */
#include "viz/page_column.h"
#include "viz/page_data.h"

#define NO_DAY (-1)

static int64_t day_index(const cp_export_plan *ex, cp_day day)
{
    return day == CP_DAY_NONE ? NO_DAY : day - ex->plan->first_day;
}

void cp_page_write_pins(cp_json *json, const cp_export_plan *ex)
{
    const cp_pin *pin = ex->net->rows.pin;
    const int32_t n = ex->net->rows.n_pin;
    cp_json_object(json, "pins");
    COLUMN_TEXT(json, "code", n, pin[k].code);
    COLUMN_INT(json, "point", n, pin[k].point);
    COLUMN_INT(json, "forbid", n, pin[k].rule == CP_PIN_FORBID);
    COLUMN_INT(json, "day", n, (int64_t)pin[k].day - ex->plan->first_day);
    COLUMN_INT(json, "kind", n, pin[k].kind);
    COLUMN_INT(json, "amount_minor", n, pin[k].amount_minor);
    COLUMN_INT(json, "car", n, pin[k].car);
    COLUMN_TEXT(json, "author", n, pin[k].author);
    COLUMN_TEXT(json, "reason", n, pin[k].reason);
    cp_json_end(json);
}

void cp_page_write_changes(cp_json *json, const cp_export_plan *ex, const cp_page_before *before)
{
    const cp_plan_diff *diff = before != NULL ? before->diff : NULL;
    const int32_t n = diff != NULL ? diff->n_changes : 0;
    const cp_plan_change *c = diff != NULL ? diff->changes : NULL;
    cp_json_object(json, "changes");
    cp_json_int(json, "plan_id", diff != NULL ? before->plan_id : 0);
    cp_json_int(json, "first_day", diff != NULL ? day_index(ex, diff->first_day) : 0);
    cp_json_int(json, "n_days", diff != NULL ? diff->n_days : 0);
    cp_json_int(json, "same", diff != NULL ? diff->n_same : 0);
    cp_json_int(json, "cost_minor", diff != NULL ? diff->cost.total_minor : 0);
    COLUMN_TEXT(json, "kind", n, cp_change_kind_name(c[k].kind));
    COLUMN_INT(json, "point", n, c[k].point);
    COLUMN_INT(json, "day", n, day_index(ex, c[k].day));
    COLUMN_INT(json, "day_before", n, day_index(ex, c[k].day_before));
    COLUMN_INT(json, "visit", n, c[k].visit);
    COLUMN_INT(json, "visit_before", n, c[k].visit_before);
    COLUMN_INT(json, "load_minor", n, c[k].load_minor);
    COLUMN_INT(json, "load_before_minor", n, c[k].load_before_minor);
    COLUMN_INT(json, "car", n, c[k].car);
    COLUMN_INT(json, "car_before", n, c[k].car_before);
    cp_json_end(json);
}

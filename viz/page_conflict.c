/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_conflict.c - what the plan could not keep, for whom, and the ways out. */
#include "viz/page_column.h"
#include "viz/page_data.h"

static void write_way(cp_json *json, const cp_page_way *w)
{
    cp_json_object(json, NULL);
    cp_json_text(json, "way", w->way);
    cp_json_int(json, "cost_minor", w->cost_minor);
    cp_json_int(json, "left", w->left);
    cp_json_bool(json, "misses", w->misses);
    cp_json_int(json, "day", w->t);
    cp_json_int(json, "kind", w->kind);
    COLUMN_TEXT(json, "rules", w->n_rules, w->rule[k]);
    cp_json_text(json, "code", w->code);
    cp_json_int(json, "over", w->over);
    COLUMN_TEXT(json, "who", w->n_moves, w->who[k]);
    COLUMN_INT(json, "to", w->n_moves, w->to[k]);
    cp_json_end(json);
}

void cp_page_write_conflicts(cp_json *json, const cp_page_conflicts *conflicts)
{
    cp_json_object(json, "conflicts");
    cp_json_bool(json, "studied", conflicts != NULL);
    cp_json_array(json, "list");
    for (int32_t i = 0; conflicts != NULL && i < conflicts->n; i++) {
        const cp_page_conflict *c = &conflicts->list[i];
        cp_json_object(json, NULL);
        cp_json_text(json, "kind", c->kind);
        cp_json_int(json, "vault", c->vault);
        cp_json_int(json, "day", c->t);
        cp_json_text(json, "item", c->item);
        cp_json_int(json, "point", c->point);
        cp_json_int(json, "cap", c->cap);
        cp_json_int(json, "use", c->use);
        cp_json_int(json, "over", c->over);
        cp_json_text(json, "reason", c->reason);
        COLUMN_TEXT(json, "user", c->n_users, c->user[k]);
        COLUMN_INT(json, "user_use", c->n_users, c->user_use[k]);
        COLUMN_TEXT(json, "again", c->n_again, c->again[k]);
        COLUMN_TEXT(json, "same_time", c->n_same_time, c->same_time[k]);
        cp_json_array(json, "ways");
        for (int32_t w = 0; w < c->n_ways; w++)
            write_way(json, &c->way[w]);
        cp_json_end(json);
        cp_json_end(json);
    }
    cp_json_end(json);
    cp_json_end(json);
}

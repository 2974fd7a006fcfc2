/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rule_toy.h - one machine or branch so small that every plan of it can be tried.
 *
 * Every plan: every set of visit days, every kind of visit, every load in whole steps, every day
 * that the last visit may be laid for. Each is priced by plan_cost.h with its declared service
 * relief (plan_fill.h), which shares no code with the search. */
#ifndef CP_RULE_TOY_H
#define CP_RULE_TOY_H

#include "solver/replenish/point_price.h"
#include "tests/toy.h"

#define RULE_DAYS 3

/* What the rows of one machine say; texts are rows as toy.h reads them, NULL = no such row. */
typedef struct rule_bank {
    const char *point;       /* after "code=A|site_code=S|" */
    const char *cassette[3]; /* after "point_code=A|slot=<n>|cassette_model_code=M|" */
    const char *setting[3];  /* "key=..|value=.." */
    const char *row[4];      /* "entity:fields" */
    cp_minor level;          /* demand a day and flow, minor units */
} rule_bank;

/* The bank built and forecast with spread. */
cp_toy *rule_toy_make(cp_ctx *ctx, const rule_bank *bank);

/* The cost of the cheapest plan, every plan tried; *n_tried (may be NULL) counts them. */
cp_minor rule_toy_best(cp_toy *toy, int32_t *n_tried);

/* What the search finds: its cost, and the plan assembled, relief declared. */
cp_minor rule_toy_search(cp_toy *toy, cp_plan **plan);

/* The referee derives the same facts: with all notes to sort and all missed intervals declared it
 * accepts the plan (its stops driven by the network's cars), with one less of any of them it does
 * not. Ends the test otherwise. */
void rule_toy_judge(cp_toy *toy, cp_plan *plan);

/* Cost of a plan by the model layer: plan_cost.h with the relief that it needs. */
cp_minor rule_toy_cost(cp_toy *toy, cp_plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* servicer_text.h - a study of center or branch in words and as JSON. */
#ifndef CP_SERVICER_TEXT_H
#define CP_SERVICER_TEXT_H

#include "solver/replenish/servicer.h"

/* An amount in the plan's currency. */
const char *cp_servicer_money(const cp_network *net, cp_minor amount, char buf[40]);
/* "12,000.00, the branch below it", or who is cheaper at any volume looked at. */
const char *cp_servicer_break_even(const cp_network *net, const cp_servicer_study *study,
                                   char buf[80]);
/* Lines for one machine, to stdout. */
void cp_servicer_print(const cp_network *net, const cp_servicer_study *study);
/* One JSON object, to stdout. */
void cp_servicer_json(const cp_servicer_study *study);

#endif

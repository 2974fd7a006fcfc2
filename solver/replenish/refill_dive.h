/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_dive.h - from the relaxation to whole plans: a dive in the restricted master.
 *
 * A basic solution splits no more sites than limits bind. One of them is fixed to one of its plans
 * and the program solved again, in which all others may move: they fill what the fixed plan leaves,
 * or make room for it. The site whose plans differ most in cost comes first, while there is most
 * freedom, and of its plans the one is taken that leaves the program cheapest (diving with probing;
 * Berthold, "Primal heuristics for mixed integer programs", 2006). New plans are priced where the
 * program got dearer. */
#ifndef CP_REFILL_DIVE_H
#define CP_REFILL_DIVE_H

#include "solver/replenish/refill_columns.h"

/* Sets m->x and m->n_split; the LP of *w has been solved. m->lp_minor stays what it is. */
cp_status cp_refill_dive(cp_columns *w);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp.h - solve and re-solve programs; all searches are written against this.
 *
 * A cp_lp belongs to the thread that made it. Indexes are 0-based. Minimisation. Signs: the dual of
 * a row is d(objective) / d(right-hand side), so a binding "<=" row has dual <= 0. */
#ifndef CP_LP_H
#define CP_LP_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/ctx.h"
#include "models/mip/mip.h"

typedef struct cp_lp cp_lp;

typedef enum cp_lp_answer {
    CP_LP_OPTIMAL,
    CP_LP_INFEASIBLE,
    CP_LP_UNBOUNDED,
    CP_LP_FEASIBLE, /* MIP only: a solution, the limit ended the search first */
    CP_LP_NO_ANSWER /* limit reached or numerical failure: use nothing of the result */
} cp_lp_answer;

typedef struct cp_lp_mip_opts {
    double time_limit_s; /* safety stop, 0 = none */
    double gap;          /* relative gap at which to stop, 0 = exact */
    int64_t node_limit;  /* counted work, 0 = none */
    bool presolve;
    bool cuts;
} cp_lp_mip_opts;
cp_lp_mip_opts cp_lp_mip_defaults(void);

/* Load a program (copied). CP_E_SOLVER when GLPK fails, CP_E_NOMEM. */
cp_status cp_lp_new(cp_ctx *ctx, const cp_mip *mip, cp_lp **out);
void cp_lp_free(cp_lp *lp); /* NULL allowed */

cp_status cp_lp_add_row(cp_lp *lp, double lo, double hi, int32_t *index);
/* Add n columns at once; entries name existing rows. first = index of the first new column. */
cp_status cp_lp_add_cols(cp_lp *lp, int32_t n, const cp_mip_col *cols, int32_t *first);
/* Remove columns; those after move down. `cols` ascending. */
cp_status cp_lp_del_cols(cp_lp *lp, int32_t n, const int32_t *cols);
cp_status cp_lp_set_cost(cp_lp *lp, int32_t col, double cost);
cp_status cp_lp_set_col_bounds(cp_lp *lp, int32_t col, double lo, double hi);
cp_status cp_lp_set_row_bounds(cp_lp *lp, int32_t row, double lo, double hi);
int32_t cp_lp_n_rows(const cp_lp *lp);
int32_t cp_lp_n_cols(const cp_lp *lp);

/* Simplex from the basis at hand (primal, then dual if needed, then once more from a fresh basis
 * after a numerical failure). */
cp_status cp_lp_solve(cp_lp *lp, cp_lp_answer *answer);
/* Branch and bound on the columns marked integer (mip columns or cp_lp_set_integer). */
cp_status cp_lp_set_integer(cp_lp *lp, int32_t col, bool integer);
cp_status cp_lp_solve_mip(cp_lp *lp, const cp_lp_mip_opts *opts, cp_lp_answer *answer);

/* Of the last solve that answered OPTIMAL (or FEASIBLE for a MIP). Valid until the next change. */
double cp_lp_objective(const cp_lp *lp);
double cp_lp_mip_bound(const cp_lp *lp); /* best proved bound of the last MIP, -inf if none */
double cp_lp_value(const cp_lp *lp, int32_t col);
double cp_lp_row_dual(const cp_lp *lp, int32_t row);
double cp_lp_reduced_cost(const cp_lp *lp, int32_t col);
bool cp_lp_col_is_basic(const cp_lp *lp, int32_t col);
/* Simplex iterations done by this lp since it was made (counted work). */
int64_t cp_lp_iterations(const cp_lp *lp);

/* Let go of the engine's memory of this thread; call before a worker thread ends. */
void cp_lp_thread_done(void);

#endif

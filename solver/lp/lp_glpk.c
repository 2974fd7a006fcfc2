/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one file that knows GLPK.
 *
 * GLPK 5.0 ends the process on a bad index, a failed assertion of its own or exhausted memory. So
 * arguments are checked here first, and every call that can fail that way runs under guarded(): the
 * error hook destroys GLPK's environment of this thread and jumps back. With the environment die
 * all problems of the thread; a generation counter tells them from those made later. */
#include "solver/lp/lp.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "models/base/text.h"
#include "solver/lp/lp_input.h"

#define SAID_MAX 256

/* What this thread shares with GLPK's environment, which is per thread as well. */
typedef struct engine {
    uint64_t generation; /* counts the environments that were destroyed */
    int32_t n_alive;     /* handles not yet freed: with the last one the environment goes */
    jmp_buf back;
    const cp_log_sink *log;
    char said[SAID_MAX]; /* what GLPK printed about its failure */
} engine;

static _Thread_local engine here;

typedef enum solved { SOLVED_NOTHING, SOLVED_LP, SOLVED_MIP } solved;

struct cp_lp {
    cp_ctx *ctx;
    const engine *home; /* the thread it belongs to */
    uint64_t generation;
    glp_prob *prob;
    solved last;
    bool dual_is_feasible; /* only bounds changed since an optimum: the dual simplex continues */
    double mip_bound;
};

/* GLPK prints piece by piece: of an error first the reason, then the place in its sources. */
static int on_terminal(void *info, const char *text)
{
    engine *e = info;
    const size_t n = strcspn(text, "\n");
    if (n > 0) cp_log(e->log, CP_LOG_DEBUG, "GLPK: %.*s", (int)n, text);
    const size_t used = strlen(e->said);
    if (glp_at_error() && n > 0 && used + 2 < SAID_MAX)
        cp_format(e->said + used, SAID_MAX - used, "%s%.*s", used > 0 ? "; " : "", (int)n, text);
    return 1; /* nothing is printed */
}

static void on_error(void *info)
{
    engine *e = info;
    e->generation++;
    glp_free_env();
    longjmp(e->back, 1);
}

void cp_lp_thread_done(void)
{
    here.generation++;
    glp_free_env();
}

typedef void guarded_fn(void *arg);

/* Run fn(arg), which may call GLPK. Does not nest: code called back by GLPK must not come here. */
static cp_status guarded(cp_ctx *ctx, guarded_fn *fn, void *arg)
{
    if (glp_init_env() > 1)
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory when starting the LP/MIP engine");
    here.log = &ctx->log;
    here.said[0] = '\0';
    glp_term_hook(on_terminal, &here);
    glp_error_hook(on_error, &here);
    const bool wants_details = ctx->log.fn != NULL && ctx->log.most >= CP_LOG_DEBUG;
    glp_term_out(wants_details ? GLP_ON : GLP_OFF); /* errors are heard in any case */
    if (setjmp(here.back) == 0) {
        fn(arg);
        return CP_OK;
    }
    const bool memory = strstr(here.said, "memory") != NULL;
    CP_FAIL(ctx, memory ? CP_E_NOMEM : CP_E_SOLVER, "the LP/MIP engine gave up: %s", here.said);
}

static bool is_alive(const cp_lp *lp)
{
    return lp->home == &here && lp->generation == here.generation;
}

static cp_status check_alive(const cp_lp *lp)
{
    if (is_alive(lp)) return CP_OK;
    if (lp->home != &here)
        CP_FAIL(lp->ctx, CP_E_SOLVER, "a program was used in another thread than its own");
    CP_FAIL(lp->ctx, CP_E_SOLVER, "the program was lost when the LP/MIP engine failed before");
}

/* The check that every change begins with. */
static cp_status check_at(const cp_lp *lp, const char *what, int32_t i, int32_t n)
{
    CP_TRY(check_alive(lp));
    return cp_lp_check_index(lp->ctx, what, i, n);
}

static int bound_type(double lo, double hi)
{
    if (lo <= -CP_MIP_INF) return hi >= CP_MIP_INF ? GLP_FR : GLP_UP;
    if (hi >= CP_MIP_INF) return GLP_LO;
    return lo >= hi && lo <= hi ? GLP_FX : GLP_DB; /* lo > hi stays DB: GLPK says GLP_EBOUND */
}

typedef struct cols_call {
    cp_lp *lp;
    int32_t n;
    const cp_mip_col *cols;
    int *ind; /* 1-based, as long as the longest column */
    double *val;
    int first;
} cols_call;

static void do_add_cols(void *arg)
{
    cols_call *c = arg;
    glp_prob *prob = c->lp->prob;
    c->first = glp_add_cols(prob, c->n);
    for (int32_t i = 0; i < c->n; i++) {
        const cp_mip_col *col = &c->cols[i];
        const int j = c->first + i;
        glp_set_col_bnds(prob, j, bound_type(col->lo, col->hi), col->lo, col->hi);
        glp_set_obj_coef(prob, j, col->cost);
        if (col->integer) glp_set_col_kind(prob, j, GLP_IV);
        for (int32_t k = 0; k < col->n; k++) {
            c->ind[k + 1] = col->row[k] + 1;
            c->val[k + 1] = col->value[k];
        }
        glp_set_mat_col(prob, j, col->n, c->ind, c->val);
    }
}

static cp_status add_cols(cp_lp *lp, int32_t n, const cp_mip_col *cols, int32_t *first)
{
    cp_ctx *ctx = lp->ctx;
    int32_t longest = 0;
    int32_t *seen = NULL;
    const int32_t n_rows = cp_lp_n_rows(lp);
    CP_NEW(ctx, ctx->scratch, seen, n_rows);
    for (int32_t i = 0; i < n; i++) {
        CP_TRY(cp_lp_check_col(ctx, &cols[i], n_rows, i + 1, seen));
        if (cols[i].n > longest) longest = cols[i].n;
    }
    cols_call call = {.lp = lp, .n = n, .cols = cols};
    CP_NEW(ctx, ctx->scratch, call.ind, longest + 1);
    CP_NEW(ctx, ctx->scratch, call.val, longest + 1);
    CP_TRY(guarded(ctx, do_add_cols, &call));
    if (first != NULL) *first = call.first - 1;
    lp->dual_is_feasible = false;
    return CP_OK;
}

cp_status cp_lp_add_cols(cp_lp *lp, int32_t n, const cp_mip_col *cols, int32_t *first)
{
    CP_TRY(check_alive(lp));
    if (n < 0 || n > INT32_MAX - 1 - cp_lp_n_cols(lp))
        CP_FAIL(lp->ctx, CP_E_RANGE, "%d columns cannot be added", (int)n);
    if (n == 0) {
        if (first != NULL) *first = cp_lp_n_cols(lp);
        return CP_OK;
    }
    const cp_arena_mark mark = cp_arena_here(lp->ctx->scratch);
    const cp_status st = add_cols(lp, n, cols, first);
    cp_arena_rewind(lp->ctx->scratch, mark);
    return st;
}

static void do_new(void *arg)
{
    cp_lp *lp = arg;
    lp->prob = glp_create_prob();
    glp_set_obj_dir(lp->prob, GLP_MIN);
}

static void do_delete(void *arg)
{
    glp_delete_prob(arg);
}

/* Copy rows and columns of a program into an empty one. */
static cp_status load(cp_lp *lp, const cp_mip *mip)
{
    cp_mip_col *cols = NULL;
    CP_TRY(cp_lp_cols_of(lp->ctx, mip, &cols));
    for (int32_t i = 0; i < mip->n_rows; i++)
        CP_TRY(cp_lp_add_row(lp, mip->row_lo[i], mip->row_hi[i], NULL));
    return cp_lp_add_cols(lp, mip->n_cols, cols, NULL);
}

cp_status cp_lp_new(cp_ctx *ctx, const cp_mip *mip, cp_lp **out)
{
    cp_lp *lp = calloc(1, sizeof(*lp));
    if (lp == NULL) CP_FAIL(ctx, CP_E_NOMEM, "out of memory for a program");
    lp->ctx = ctx;
    lp->home = &here;
    lp->generation = here.generation;
    lp->mip_bound = -INFINITY;
    here.n_alive++;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = guarded(ctx, do_new, lp);
    if (st == CP_OK) st = load(lp, mip);
    cp_arena_rewind(ctx->scratch, mark);
    if (st != CP_OK) {
        cp_lp_free(lp);
        return st;
    }
    *out = lp;
    return CP_OK;
}

void cp_lp_free(cp_lp *lp)
{
    if (lp == NULL) return;
    /* In another thread the problem cannot be touched; its own thread frees it with the rest. */
    if (lp->home == &here) {
        if (is_alive(lp) && lp->prob != NULL) guarded(lp->ctx, do_delete, lp->prob);
        here.n_alive--;
        if (here.n_alive == 0) cp_lp_thread_done();
    }
    free(lp);
}

typedef struct row_call {
    glp_prob *prob;
    double lo, hi;
    int row;
} row_call;

static void do_add_row(void *arg)
{
    row_call *c = arg;
    c->row = glp_add_rows(c->prob, 1);
    glp_set_row_bnds(c->prob, c->row, bound_type(c->lo, c->hi), c->lo, c->hi);
}

cp_status cp_lp_add_row(cp_lp *lp, double lo, double hi, int32_t *index)
{
    CP_TRY(check_alive(lp));
    CP_TRY(cp_lp_check_bounds(lp->ctx, lo, hi));
    row_call call = {.prob = lp->prob, .lo = lo, .hi = hi};
    CP_TRY(guarded(lp->ctx, do_add_row, &call));
    if (index != NULL) *index = call.row - 1;
    return CP_OK;
}

typedef struct del_call {
    glp_prob *prob;
    int n;
    int *num; /* 1-based */
} del_call;

static void do_del_cols(void *arg)
{
    const del_call *c = arg;
    glp_del_cols(c->prob, c->n, c->num);
}

static cp_status del_cols(cp_lp *lp, int32_t n, const int32_t *cols)
{
    cp_ctx *ctx = lp->ctx;
    del_call call = {.prob = lp->prob, .n = n};
    CP_NEW(ctx, ctx->scratch, call.num, (size_t)n + 1);
    for (int32_t i = 0; i < n; i++) {
        CP_TRY(check_at(lp, "column", cols[i], cp_lp_n_cols(lp)));
        if (i > 0 && cols[i] <= cols[i - 1])
            CP_FAIL(ctx, CP_E_RANGE, "columns to remove must ascend");
        call.num[i + 1] = cols[i] + 1;
    }
    CP_TRY(guarded(ctx, do_del_cols, &call));
    lp->dual_is_feasible = false;
    return CP_OK;
}

cp_status cp_lp_del_cols(cp_lp *lp, int32_t n, const int32_t *cols)
{
    CP_TRY(check_alive(lp));
    if (n <= 0) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(lp->ctx->scratch);
    const cp_status st = del_cols(lp, n, cols);
    cp_arena_rewind(lp->ctx->scratch, mark);
    return st;
}

/* The setters below allocate nothing in GLPK and their arguments are checked: no guard. */

cp_status cp_lp_set_cost(cp_lp *lp, int32_t col, double cost)
{
    CP_TRY(check_at(lp, "column", col, cp_lp_n_cols(lp)));
    if (!isfinite(cost)) CP_FAIL(lp->ctx, CP_E_RANGE, "a cost is not finite");
    glp_set_obj_coef(lp->prob, col + 1, cost);
    lp->dual_is_feasible = false;
    return CP_OK;
}

cp_status cp_lp_set_col_bounds(cp_lp *lp, int32_t col, double lo, double hi)
{
    CP_TRY(check_at(lp, "column", col, cp_lp_n_cols(lp)));
    CP_TRY(cp_lp_check_bounds(lp->ctx, lo, hi));
    glp_set_col_bnds(lp->prob, col + 1, bound_type(lo, hi), lo, hi);
    return CP_OK;
}

cp_status cp_lp_set_row_bounds(cp_lp *lp, int32_t row, double lo, double hi)
{
    CP_TRY(check_at(lp, "row", row, cp_lp_n_rows(lp)));
    CP_TRY(cp_lp_check_bounds(lp->ctx, lo, hi));
    glp_set_row_bnds(lp->prob, row + 1, bound_type(lo, hi), lo, hi);
    return CP_OK;
}

cp_status cp_lp_set_integer(cp_lp *lp, int32_t col, bool integer)
{
    CP_TRY(check_at(lp, "column", col, cp_lp_n_cols(lp)));
    glp_set_col_kind(lp->prob, col + 1, integer ? GLP_IV : GLP_CV);
    return CP_OK;
}

int32_t cp_lp_n_rows(const cp_lp *lp)
{
    return is_alive(lp) ? glp_get_num_rows(lp->prob) : 0;
}

int32_t cp_lp_n_cols(const cp_lp *lp)
{
    return is_alive(lp) ? glp_get_num_cols(lp->prob) : 0;
}

typedef struct simplex_call {
    glp_prob *prob;
    int method;
    int tm_lim_ms;
    bool fresh_basis;
    int code;
} simplex_call;

static void do_simplex(void *arg)
{
    simplex_call *c = arg;
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.meth = c->method;
    parm.tm_lim = c->tm_lim_ms;
    /* GLPK was seen to cycle for ever on degenerate programs: then the next try. */
    parm.it_lim = 10000 + 20 * (glp_get_num_rows(c->prob) + glp_get_num_cols(c->prob));
    if (c->fresh_basis) glp_adv_basis(c->prob, 0);
    c->code = glp_simplex(c->prob, &parm);
}

/* Milliseconds until the deadline of the context and `limit_s` (0 = none); INT_MAX when there is
 * neither, 0 when the time is over. */
static int time_left_ms(const cp_ctx *ctx, double limit_s)
{
    double left = limit_s > 0 ? limit_s : INFINITY;
    if (ctx->deadline_s > 0) left = fmin(left, ctx->deadline_s - cp_ctx_now_s(ctx));
    if (cp_user_stopped(ctx) || left <= 0) return 0;
    const double ms = ceil(left * 1000);
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* True when the status says something certain. */
static bool read_simplex(const simplex_call *c, cp_lp_answer *answer)
{
    *answer = CP_LP_NO_ANSWER;
    if (c->code == GLP_EBOUND) {
        *answer = CP_LP_INFEASIBLE; /* some lower bound is above its upper bound */
        return true;
    }
    if (c->code != 0) return false;
    switch (glp_get_status(c->prob)) {
    case GLP_OPT:
        *answer = CP_LP_OPTIMAL;
        return true;
    case GLP_NOFEAS:
        *answer = CP_LP_INFEASIBLE;
        return true;
    case GLP_UNBND:
        *answer = CP_LP_UNBOUNDED;
        return true;
    default:
        return false;
    }
}

cp_status cp_lp_solve(cp_lp *lp, cp_lp_answer *answer)
{
    CP_TRY(check_alive(lp));
    const int first = lp->dual_is_feasible ? GLP_DUALP : GLP_PRIMAL;
    const struct {
        int method;
        bool fresh_basis;
    } tries[] = {{first, false},
                 {first == GLP_PRIMAL ? GLP_DUALP : GLP_PRIMAL, false},
                 {GLP_PRIMAL, true},
                 {GLP_DUALP, true}};
    cp_lp_answer got = CP_LP_NO_ANSWER;
    lp->last = SOLVED_NOTHING;
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        simplex_call call = {.prob = lp->prob,
                             .method = tries[i].method,
                             .tm_lim_ms = time_left_ms(lp->ctx, 0),
                             .fresh_basis = tries[i].fresh_basis};
        if (call.tm_lim_ms == 0) break;
        CP_TRY(guarded(lp->ctx, do_simplex, &call));
        if (read_simplex(&call, &got) || call.code == GLP_ETMLIM) break;
        cp_log(&lp->ctx->log, CP_LOG_DEBUG, "simplex: no answer (code %d), next try", call.code);
    }
    lp->dual_is_feasible = got == CP_LP_OPTIMAL;
    if (got == CP_LP_OPTIMAL) lp->last = SOLVED_LP;
    *answer = got;
    return CP_OK;
}

typedef struct mip_call {
    cp_lp *lp;
    const cp_lp_mip_opts *opts;
    int tm_lim_ms;
    bool presolve;
    int code;
} mip_call;

/* Called by GLPK at every step: counts the work and keeps the bound, which GLPK throws away with
 * its tree. The bound only rises, so an old value is still a bound. */
static void on_step(glp_tree *tree, void *info)
{
    mip_call *c = info;
    int n_made = 0;
    const int best = glp_ios_best_node(tree);
    if (best != 0) {
        const double bound = glp_ios_node_bound(tree, best);
        if (bound > c->lp->mip_bound && bound > -1e300) c->lp->mip_bound = bound;
    }
    glp_ios_tree_size(tree, NULL, NULL, &n_made);
    const bool worked_enough = c->opts->node_limit > 0 && n_made > c->opts->node_limit;
    if (worked_enough || cp_user_stopped(c->lp->ctx)) glp_ios_terminate(tree);
}

static void do_intopt(void *arg)
{
    mip_call *c = arg;
    glp_iocp parm;
    glp_init_iocp(&parm);
    parm.presolve = c->presolve ? GLP_ON : GLP_OFF;
    parm.gmi_cuts = c->opts->cuts ? GLP_ON : GLP_OFF;
    parm.mir_cuts = parm.gmi_cuts;
    parm.cov_cuts = parm.gmi_cuts;
    parm.clq_cuts = parm.gmi_cuts;
    parm.mip_gap = c->opts->gap;
    parm.tm_lim = c->tm_lim_ms;
    parm.cb_func = on_step;
    parm.cb_info = c;
    c->code = glp_intopt(c->lp->prob, &parm);
}

/* GLPK wants whole bounds on integer columns; the nearest whole numbers inside allow the same. */
static void round_integer_bounds(glp_prob *prob)
{
    for (int j = 1; j <= glp_get_num_cols(prob); j++) {
        if (glp_get_col_kind(prob, j) == GLP_CV) continue;
        const int type = glp_get_col_type(prob, j);
        double lo = glp_get_col_lb(prob, j);
        double hi = glp_get_col_ub(prob, j);
        if (type == GLP_UP || type == GLP_FR) lo = -CP_MIP_INF;
        if (type == GLP_LO || type == GLP_FR) hi = CP_MIP_INF;
        if (lo > -CP_MIP_INF) lo = ceil(lo - CP_MIP_TOL_INT);
        if (hi < CP_MIP_INF) hi = floor(hi + CP_MIP_TOL_INT);
        glp_set_col_bnds(prob, j, bound_type(lo, hi), lo, hi);
    }
}

static cp_lp_answer read_mip(const mip_call *c)
{
    switch (c->code) {
    case GLP_EBOUND:
    case GLP_ENOPFS:
        return CP_LP_INFEASIBLE;
    case GLP_ENODFS:
        return CP_LP_UNBOUNDED;
    case 0:
    case GLP_ETMLIM:
    case GLP_ESTOP:
    case GLP_EMIPGAP:
        break;
    default:
        return CP_LP_NO_ANSWER;
    }
    switch (glp_mip_status(c->lp->prob)) {
    case GLP_OPT:
        return CP_LP_OPTIMAL;
    case GLP_FEAS:
        return CP_LP_FEASIBLE;
    case GLP_NOFEAS:
        return c->code == 0 ? CP_LP_INFEASIBLE : CP_LP_NO_ANSWER;
    default:
        return CP_LP_NO_ANSWER;
    }
}

/* *again = GLPK broke down, and trying in another way may help. */
static cp_status search_tree(cp_lp *lp, const cp_lp_mip_opts *opts, bool presolve,
                             cp_lp_answer *answer, bool *again)
{
    mip_call call = {.lp = lp, .opts = opts, .presolve = presolve};
    *again = false;
    lp->mip_bound = -INFINITY;
    *answer = CP_LP_NO_ANSWER;
    if (!presolve) { /* the root must be solved already */
        CP_TRY(cp_lp_solve(lp, answer));
        if (*answer != CP_LP_OPTIMAL) return CP_OK;
        lp->mip_bound = glp_get_obj_val(lp->prob);
    }
    call.tm_lim_ms = time_left_ms(lp->ctx, opts->time_limit_s);
    *answer = CP_LP_NO_ANSWER;
    if (call.tm_lim_ms == 0) return CP_OK;
    CP_TRY(guarded(lp->ctx, do_intopt, &call));
    *answer = read_mip(&call);
    *again = *answer == CP_LP_NO_ANSWER && call.code != 0 && call.code != GLP_ETMLIM &&
             call.code != GLP_ESTOP;
    return CP_OK;
}

cp_status cp_lp_solve_mip(cp_lp *lp, const cp_lp_mip_opts *opts, cp_lp_answer *answer)
{
    CP_TRY(check_alive(lp));
    if (!(opts->gap >= 0) || !(opts->time_limit_s >= 0) || opts->node_limit < 0)
        CP_FAIL(lp->ctx, CP_E_RANGE, "gap, time limit and node limit must not be negative");
    round_integer_bounds(lp->prob);
    cp_lp_answer got = CP_LP_NO_ANSWER;
    bool again = false;
    CP_TRY(search_tree(lp, opts, opts->presolve, &got, &again));
    if (again && opts->presolve) CP_TRY(search_tree(lp, opts, false, &got, &again));
    lp->last = SOLVED_NOTHING;
    lp->dual_is_feasible = false;
    if (got == CP_LP_OPTIMAL || got == CP_LP_FEASIBLE) lp->last = SOLVED_MIP;
    if (got == CP_LP_OPTIMAL) lp->mip_bound = glp_mip_obj_val(lp->prob);
    *answer = got;
    return CP_OK;
}

static bool can_read(const cp_lp *lp, int32_t i, int32_t n)
{
    return is_alive(lp) && lp->last != SOLVED_NOTHING && i >= 0 && i < n;
}

double cp_lp_objective(const cp_lp *lp)
{
    if (!can_read(lp, 0, 1)) return NAN;
    return lp->last == SOLVED_MIP ? glp_mip_obj_val(lp->prob) : glp_get_obj_val(lp->prob);
}

double cp_lp_mip_bound(const cp_lp *lp)
{
    return lp->mip_bound;
}

double cp_lp_value(const cp_lp *lp, int32_t col)
{
    if (!can_read(lp, col, cp_lp_n_cols(lp))) return NAN;
    return lp->last == SOLVED_MIP ? glp_mip_col_val(lp->prob, col + 1)
                                  : glp_get_col_prim(lp->prob, col + 1);
}

double cp_lp_row_dual(const cp_lp *lp, int32_t row)
{
    if (!can_read(lp, row, cp_lp_n_rows(lp)) || lp->last != SOLVED_LP) return NAN;
    return glp_get_row_dual(lp->prob, row + 1);
}

double cp_lp_reduced_cost(const cp_lp *lp, int32_t col)
{
    if (!can_read(lp, col, cp_lp_n_cols(lp)) || lp->last != SOLVED_LP) return NAN;
    return glp_get_col_dual(lp->prob, col + 1);
}

bool cp_lp_col_is_basic(const cp_lp *lp, int32_t col)
{
    if (!can_read(lp, col, cp_lp_n_cols(lp)) || lp->last != SOLVED_LP) return false;
    return glp_get_col_stat(lp->prob, col + 1) == GLP_BS;
}

int64_t cp_lp_iterations(const cp_lp *lp)
{
    return is_alive(lp) ? glp_get_it_cnt(lp->prob) : 0;
}

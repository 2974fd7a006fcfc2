/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/export.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/csv/plan_csv.h"
#include "data/json/geojson.h"
#include "data/json/order_json.h"

/* Names written so far, so that what an earlier export left behind can be told apart. */
typedef struct export_job {
    cp_ctx *ctx;
    const cp_export_plan *ex;
    const char *dir;
    char **names;
    int32_t n_names, most_names;
} export_job;

static bool is_name_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || c > 127;
}

char *cp_file_code(cp_ctx *ctx, const char *code)
{
    uint32_t sum = 2166136261u; /* FNV-1a */
    bool changed = code[0] == '.' || code[0] == '\0';
    char *name = cp_strdup(ctx, ctx->scratch, code);
    if (name == NULL) return NULL;
    for (size_t k = 0; code[k] != '\0'; k++) {
        sum = (sum ^ (unsigned char)code[k]) * 16777619u;
        if (is_name_byte((unsigned char)code[k])) continue;
        name[k] = '_';
        changed = true;
    }
    if (name[0] == '.') name[0] = '_';
    return changed ? cp_strf(ctx, ctx->scratch, "%s-%08x", name, sum) : name;
}

/* Path of a file of the export, remembered; NULL when memory is exhausted. */
static const char *path_of(export_job *job, char *name)
{
    if (name == NULL) return NULL;
    if (job->n_names < job->most_names) job->names[job->n_names++] = name;
    return cp_strf(job->ctx, job->ctx->scratch, "%s/%s", job->dir, name);
}

static const char *path_named(export_job *job, const char *name)
{
    return path_of(job, cp_strdup(job->ctx, job->ctx->scratch, name));
}

static cp_status make_dir(cp_ctx *ctx, const char *dir)
{
    struct stat st;
    if (mkdir(dir, 0700) == 0) return CP_OK;
    const int code = errno;
    if (code == EEXIST && stat(dir, &st) == 0 && S_ISDIR(st.st_mode)) return CP_OK;
    CP_FAIL(ctx, CP_E_IO, "folder %s could not be made: %s", dir, strerror(code));
}

static const char *day_text(export_job *job, int32_t t, char out[16])
{
    return cp_day_text(job->ex->plan->first_day + t, out);
}

static cp_status write_routes(export_job *job, int32_t t)
{
    cp_ctx *ctx = job->ctx;
    const cp_export_plan *ex = job->ex;
    char day[16];
    for (int32_t r = 0; r < ex->plan->n_routes; r++) {
        const cp_plan_route *route = &ex->plan->routes[r];
        if (route->t != t) continue;
        const char *vault = cp_file_code(ctx, ex->net->vaults[route->vault].code);
        const char *car = cp_file_code(ctx, ex->net->cars[route->car].code);
        if (vault == NULL || car == NULL) return CP_E_NOMEM;
        const char *path = path_of(job, cp_strf(ctx, ctx->scratch, "route-%s-%s-%s.json",
                                                day_text(job, t, day), vault, car));
        if (path == NULL) return CP_E_NOMEM;
        CP_TRY(cp_dispatch_write(ctx, ex, t, r, path));
    }
    return CP_OK;
}

/* Does anything leave the vault on the day: with its cars, or for fills by branches? */
static bool has_packing(const cp_export_plan *ex, int32_t t, int32_t vault)
{
    const cp_network *net = ex->net;
    for (int32_t v = 0; v < ex->plan->n_visits; v++) {
        const cp_plan_visit *visit = &ex->plan->visits[v];
        if (visit->by_branch && visit->t == t &&
            net->sites[net->points[visit->point].site].vault == vault)
            return true;
    }
    for (int32_t r = 0; r < ex->plan->n_routes; r++)
        if (ex->plan->routes[r].t == t && ex->plan->routes[r].vault == vault) return true;
    return false;
}

static cp_status write_packing(export_job *job, int32_t t)
{
    cp_ctx *ctx = job->ctx;
    char day[16];
    for (int32_t v = 0; v < job->ex->net->n_vaults; v++) {
        if (!has_packing(job->ex, t, v)) continue;
        const char *vault = cp_file_code(ctx, job->ex->net->vaults[v].code);
        if (vault == NULL) return CP_E_NOMEM;
        char *name = cp_strf(ctx, ctx->scratch, "packing-%s-%s.json", vault, day_text(job, t, day));
        const char *path = path_of(job, name);
        if (path == NULL) return CP_E_NOMEM;
        CP_TRY(cp_packing_write(ctx, job->ex, t, v, path));
        name = cp_strf(ctx, ctx->scratch, "packing-%s-%s.csv", vault, day);
        path = path_of(job, name);
        if (path == NULL) return CP_E_NOMEM;
        CP_TRY(cp_packing_csv_write(ctx, job->ex, t, v, path));
    }
    return CP_OK;
}

static cp_status write_day(export_job *job, int32_t t, bool all_days)
{
    cp_ctx *ctx = job->ctx;
    char day[16];
    const char *path =
        all_days
            ? path_of(job, cp_strf(ctx, ctx->scratch, "dispatch-%s.json", day_text(job, t, day)))
            : path_named(job, "dispatch.json");
    if (path == NULL) return CP_E_NOMEM;
    CP_TRY(cp_dispatch_write(ctx, job->ex, t, -1, path));
    CP_TRY(write_routes(job, t));
    return write_packing(job, t);
}

static cp_status write_tables(export_job *job)
{
    static const struct {
        const char *name;
        cp_plan_csv_fn *write;
    } files[] = {
        {"orders.json", cp_orders_write},    {"visits.csv", cp_visits_csv_write},
        {"routes.csv", cp_routes_csv_write}, {"limits.csv", cp_limits_csv_write},
        {"pool.csv", cp_pool_csv_write},     {"cost.csv", cp_cost_csv_write},
    };
    for (size_t k = 0; k < sizeof files / sizeof files[0]; k++) {
        const char *path = path_named(job, files[k].name);
        if (path == NULL) return CP_E_NOMEM;
        CP_TRY(files[k].write(job->ctx, job->ex, path));
    }
    return CP_OK;
}

/* A route or packing list of one of the days [from, to], by its name. */
static bool is_daily(export_job *job, const char *name, int32_t from, int32_t to)
{
    const bool packing = strncmp(name, "packing-", 8) == 0;
    if (!packing && strncmp(name, "route-", 6) != 0) return false;
    char day[16];
    for (int32_t t = from; t <= to; t++) {
        const char *at = strstr(name, day_text(job, t, day));
        if (at == NULL) continue;
        const char *rest = at + strlen(day);
        if (packing && (strcmp(rest, ".json") == 0 || strcmp(rest, ".csv") == 0)) return true;
        const size_t n = strlen(rest);
        if (!packing && at == name + 6 && n > 5 && rest[0] == '-' &&
            strcmp(rest + n - 5, ".json") == 0)
            return true;
    }
    return false;
}

static cp_status remove_stale(export_job *job, int32_t from, int32_t to, int32_t *n_removed)
{
    cp_ctx *ctx = job->ctx;
    DIR *dir = opendir(job->dir);
    if (dir == NULL)
        CP_FAIL(ctx, CP_E_IO, "folder %s could not be read: %s", job->dir, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (!is_daily(job, entry->d_name, from, to)) continue;
        bool ours = false;
        for (int32_t k = 0; k < job->n_names && !ours; k++)
            ours = strcmp(job->names[k], entry->d_name) == 0;
        if (!ours && unlinkat(dirfd(dir), entry->d_name, 0) == 0) (*n_removed)++;
    }
    closedir(dir);
    return CP_OK;
}

static cp_status write_all(export_job *job, const cp_run_info *info, const cp_export_opts *opts,
                           int32_t *n_removed)
{
    const int32_t from = opts->all_days ? 0 : opts->day;
    const int32_t to = opts->all_days ? job->ex->plan->n_days - 1 : opts->day;
    for (int32_t t = from; t <= to; t++)
        CP_TRY(write_day(job, t, opts->all_days));
    CP_TRY(write_tables(job));
    const char *path = path_named(job, "routes.geojson");
    if (path == NULL) return CP_E_NOMEM;
    CP_TRY(cp_geojson_write(job->ctx, job->ex, from, to, path));
    path = path_named(job, "run.json");
    if (path == NULL) return CP_E_NOMEM;
    CP_TRY(cp_run_write(job->ctx, job->ex, info, path));
    return remove_stale(job, from, to, n_removed);
}

cp_status cp_export_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                          const cp_export_opts *opts, const char *dir, int32_t *n_files,
                          int32_t *n_removed)
{
    if (ex->record->status == CP_PLAN_REFUSED)
        CP_FAIL(ctx, CP_E_INPUT, "plan %lld was refused by the referee and is not exported",
                (long long)info->plan_id);
    if (!opts->all_days && (opts->day < 0 || opts->day >= ex->plan->n_days))
        CP_FAIL(ctx, CP_E_INPUT, "the day to export is not one of the plan's %d days",
                (int)ex->plan->n_days);
    CP_TRY(make_dir(ctx, dir));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    export_job job = {ctx, ex, dir, NULL, 0, 0};
    job.most_names = ex->plan->n_routes + ex->plan->n_days * (1 + 2 * ex->net->n_vaults) + 16;
    CP_NEW(ctx, ctx->scratch, job.names, job.most_names);
    int32_t removed = 0;
    const cp_status st = write_all(&job, info, opts, &removed);
    cp_arena_rewind(ctx->scratch, mark);
    if (n_files != NULL) *n_files = job.n_names;
    if (n_removed != NULL) *n_removed = removed;
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/run_json.h"

#include <inttypes.h>

#include "models/base/text.h"
#include "models/plan/route_bounds.h"

void cp_run_write_proof(cp_json *json, const cp_plan_proof *proof, const char *of)
{
    cp_json_object(json, "proof");
    cp_json_bool(json, "has_bound", proof->has_bound);
    if (of != NULL) cp_json_text(json, "of", of);
    cp_json_int(json, "bound_minor", proof->bound_minor);
    cp_json_int(json, "plan_minor", proof->plan_minor);
    cp_json_real(json, "gap", proof->gap, 9);
    cp_json_int(json, "n_paths", proof->n_paths);
    cp_json_u64_text(json, "seed", proof->seed);
    cp_json_end(json);
}

/* A row for each vault and day with routes. */
static void write_route_bounds(cp_json *json, const cp_export_plan *ex)
{
    char day[16];
    cp_json_array(json, "route_bounds");
    for (int32_t i = 0; i < ex->plan->n_bounds; i++) {
        const cp_plan_route_bound *b = &ex->plan->bounds[i];
        const bool known = b->why == CP_BOUND_KNOWN;
        cp_json_object(json, NULL);
        cp_json_text(json, "day", cp_day_text(ex->plan->first_day + b->t, day));
        cp_json_text(json, "vault", ex->net->vaults[b->vault].code);
        cp_json_int(json, "stops", b->n_stops);
        cp_json_int(json, "routes", b->n_routes);
        cp_json_int(json, "routed_minor", b->routed_minor);
        if (known) {
            cp_json_int(json, "bound_minor", b->bound_minor);
            cp_json_real(json, "gap", b->gap, 9);
        } else {
            cp_json_text(json, "no_bound", cp_no_bound_name(b->why));
        }
        cp_json_bool(json, "proven", b->proven);
        cp_json_end(json);
    }
    cp_json_end(json);
}

cp_status cp_run_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                       const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_record *record = ex->record;
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    char hash[24];
    cp_format(hash, sizeof hash, "%016" PRIx64, record->input_hash);
    cp_json_object(&json, NULL);
    cp_json_export_head(&json, ex, "cashplan.run/1");
    cp_json_int(&json, "plan_id", info->plan_id);
    cp_json_text(&json, "created_utc", info->created_utc);
    cp_json_text(&json, "made_by", info->made_by);
    cp_json_text(&json, "approved_by", info->approved_by);
    cp_json_text(&json, "version", record->version);
    cp_json_text(&json, "scenario", record->scenario);
    cp_json_text(&json, "options", record->options);
    cp_json_text(&json, "input_hash", hash);
    cp_json_u64_text(&json, "seed", record->seed);
    cp_json_real(&json, "seconds", record->seconds, 3);
    cp_json_int(&json, "work_done", ex->plan->work_done);
    cp_json_text(&json, "outcome", cp_outcome_text(ex->plan->outcome));
    cp_json_text(&json, "stopped_by", ex->plan->stopped_by);
    cp_json_real(&json, "service_pct", record->service_pct, 6);
    cp_json_real(&json, "service_asked_pct", record->service_asked_pct, 6);
    cp_run_write_proof(&json, &ex->plan->proof, "replenishment at its stop prices");
    write_route_bounds(&json, ex);
    cp_json_int(&json, "total_cost_minor", ex->plan->cost.total_minor);
    cp_json_end(&json);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

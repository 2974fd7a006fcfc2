/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/order_json.h"

#include "models/plan/vault_books.h"

static void write_order(cp_json *json, const cp_export_plan *ex, const cp_plan_order *order)
{
    const cp_network *net = ex->net;
    const cp_vault *vault = &net->vaults[order->vault];
    const cp_denomination *denom = &net->denoms[order->denomination];
    const int64_t notes = order->notes < 0 ? -order->notes : order->notes;
    const cp_bundled b = cp_bundle_notes(denom, notes);
    cp_json_object(json, NULL);
    cp_json_text(json, "vault", vault->code);
    cp_json_text(json, "kind", order->notes < 0 ? "lodge" : "order");
    cp_json_text(json, "denomination", denom->code);
    cp_json_int(json, "notes", notes);
    cp_json_int(json, "bundles", b.bundles);
    cp_json_int(json, "straps", b.straps);
    cp_json_int(json, "single_notes", b.notes);
    cp_json_int(json, "value_minor", notes * denom->value_minor);
    if (vault->central_bank >= 0) {
        const cp_central_bank *bank = &net->rows.central_bank[vault->central_bank];
        cp_json_text(json, "central_bank", bank->code);
        cp_json_int(json, "order_unit_notes", bank->order_unit_notes);
        cp_json_minute(json, "cutoff", bank->cutoff_min);
    }
    cp_json_day(json, "place_on", ex->plan->first_day + order->t);
    cp_json_day(json, "due_on", ex->plan->first_day + order->due_t);
    /* An order for the first days that must have been placed before the plan was made. */
    cp_json_bool(json, "overdue", order->t < 0);
    cp_json_end(json);
}

/* What is in the vaults at night, as the orders leave it. */
static cp_status write_stock(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex)
{
    cp_stock_night *night = NULL;
    int32_t n = 0;
    CP_TRY(cp_stock_nights(ctx, ex->net, ex->plan, &night, &n));
    cp_json_array(json, "stock");
    for (int32_t k = 0; k < n; k++) {
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "vault", ex->net->vaults[night[k].vault].code);
        cp_json_text(json, "denomination", ex->net->denoms[night[k].denomination].code);
        cp_json_day(json, "day", ex->plan->first_day + night[k].t);
        cp_json_int(json, "usable_notes", night[k].usable);
        cp_json_int(json, "waiting_notes", night[k].waiting);
        cp_json_end(json);
    }
    cp_json_end(json);
    return CP_OK;
}

cp_status cp_orders_write(cp_ctx *ctx, const cp_export_plan *ex, const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    cp_json_object(&json, NULL);
    cp_json_export_head(&json, ex, "cashplan.orders/1");
    cp_json_array(&json, "orders");
    for (int32_t k = 0; k < ex->plan->n_orders; k++)
        write_order(&json, ex, &ex->plan->orders[k]);
    cp_json_end(&json);
    cp_status st = write_stock(ctx, &json, ex);
    cp_json_end(&json);
    st = cp_outfile_close(ctx, &out, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

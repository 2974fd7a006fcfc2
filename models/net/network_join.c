/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "models/net/build.h"

#define SLOTS_MAX 99
#define NOTES_MAX 100000000

static int order_real(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_places(const void *user, int32_t i, int32_t j)
{
    const cp_site *a = (const cp_site *)user + i, *b = (const cp_site *)user + j;
    int c = order_real(a->lat_deg, b->lat_deg);
    if (c == 0) c = order_real(a->lon_deg, b->lon_deg);
    if (c == 0) c = strcmp(a->vault_code, b->vault_code);
    if (c == 0) c = strcmp(a->road_node_code, b->road_node_code);
    return c != 0 ? c : (i > j) - (i < j);
}

static bool same_place(const cp_site *a, const cp_site *b)
{
    return order_real(a->lat_deg, b->lat_deg) == 0 && order_real(a->lon_deg, b->lon_deg) == 0 &&
           strcmp(a->vault_code, b->vault_code) == 0 &&
           strcmp(a->road_node_code, b->road_node_code) == 0;
}

/* One stop serves both only inside both windows. Second windows must agree; false (nothing written)
 * when no minute is left. */
static bool join_sites(cp_site *into, const cp_site *from)
{
    const int32_t open = into->open_min > from->open_min ? into->open_min : from->open_min;
    const int32_t close = into->close_min < from->close_min ? into->close_min : from->close_min;
    if (open >= close) return false;
    if (into->open2_min != from->open2_min || into->close2_min != from->close2_min) return false;
    into->open_min = open;
    into->close_min = close;
    if (from->service_min > into->service_min) into->service_min = from->service_min;
    return true;
}

cp_status cp_build_merge_sites(cp_build *b)
{
    cp_rows *r = &b->net->rows;
    if (!b->net->settings.merge_equal_sites || r->n_site < 2) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    int32_t *order = NULL, *into = NULL, *place = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, order, r->n_site);
    CP_NEW(b->ctx, b->ctx->scratch, into, r->n_site);
    CP_NEW(b->ctx, b->ctx->scratch, place, r->n_site);
    for (int32_t i = 0; i < r->n_site; i++)
        order[i] = into[i] = i;
    CP_TRY(cp_build_order(b->ctx, r->n_site, compare_places, r->site, order));
    int32_t head = order[0], merged = 0;
    for (int32_t k = 1; k < r->n_site; k++) {
        const int32_t i = order[k];
        if (!same_place(&r->site[head], &r->site[i])) {
            head = i;
        } else if (join_sites(&r->site[head], &r->site[i])) {
            into[i] = head;
            merged++;
        }
    }
    int32_t n = 0;
    for (int32_t i = 0; i < r->n_site; i++) {
        if (into[i] != i) continue;
        place[i] = n;
        r->site[n++] = r->site[i];
    }
    for (int32_t i = 0; i < r->n_site; i++)
        b->lookup[CP_ENTITY_SITE].index[i] = place[into[i]];
    r->n_site = n;
    if (merged > 0)
        cp_log(&b->ctx->log, CP_LOG_INFO, "%d sites were merged into others of equal coordinates",
               (int)merged);
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_build_zones(cp_build *b)
{
    cp_rows *r = &b->net->rows;
    for (int32_t i = 0; i < r->n_site; i++) {
        cp_site *site = &r->site[i];
        if (site->vault_code[0] != '\0') continue;
        double best = 0;
        for (int32_t v = 0; v < r->n_vault; v++) {
            if (r->vault[v].status != CP_VAULT_EXISTING) continue;
            const double m =
                cp_circle_m(site->lat_deg, site->lon_deg, r->vault[v].lat_deg, r->vault[v].lon_deg);
            if (site->vault >= 0 && m >= best) continue;
            site->vault = v;
            best = m;
        }
        if (site->vault < 0)
            CP_TRY(cp_build_problem(b, "site %s: no vault given and no existing vault to take",
                                    site->code));
        else
            site->vault_code = r->vault[site->vault].code;
    }
    return CP_OK;
}

static cp_cassette *slot_of(const cp_rows *r, int32_t point, int32_t slot)
{
    const cp_point *p = &r->point[point];
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
        if (r->cassette[c].slot == slot) return &r->cassette[c];
    return NULL;
}

cp_status cp_build_balances(cp_build *b, cp_day *balance_day)
{
    cp_rows *r = &b->net->rows;
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    cp_day *latest = NULL; /* by cassette */
    CP_NEW(b->ctx, b->ctx->scratch, latest, r->n_cassette);
    for (int32_t c = 0; c < r->n_cassette; c++)
        latest[c] = CP_DAY_NONE;
    for (int32_t i = 0; i < r->n_balance; i++) {
        const cp_balance *row = &r->balance[i];
        cp_cassette *c = slot_of(r, row->point, row->slot);
        if (c == NULL) {
            CP_TRY(cp_build_problem(b, "balance %s slot %d: the point has no such slot",
                                    row->point_code, (int)row->slot));
            continue;
        }
        if (row->notes < 0 || row->notes > NOTES_MAX)
            CP_TRY(cp_build_problem(b, "balance %s slot %d: %lld notes; must be 0 to %d",
                                    row->point_code, (int)row->slot, (long long)row->notes,
                                    NOTES_MAX));
        if (row->day >= b->net->first_day || row->day <= latest[c - r->cassette]) continue;
        latest[c - r->cassette] = row->day;
        c->balance_notes = (int32_t)row->notes;
    }
    for (int32_t p = 0; p < r->n_point; p++) {
        const cp_point *point = &r->point[p];
        balance_day[p] = CP_DAY_NONE;
        for (int32_t c = point->first_cassette; c < point->first_cassette + point->n_cassettes;
             c++) {
            if (latest[c] == CP_DAY_NONE || r->cassette[c].role == CP_ROLE_REJECT) continue;
            if (balance_day[p] == CP_DAY_NONE || latest[c] < balance_day[p])
                balance_day[p] = latest[c];
        }
    }
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

static cp_status settle_cassette(cp_build *b, cp_cassette *c)
{
    if (c->capacity_notes < 0 && c->cassette_model < 0 && c->role == CP_ROLE_REJECT)
        c->capacity_notes = 0;
    if (c->capacity_notes < 0 && c->cassette_model < 0)
        return cp_build_problem(b,
                                "cassette %s slot %d: neither capacity_notes nor a model is given",
                                c->point_code, (int)c->slot);
    if (c->capacity_notes < 0) {
        const cp_cassette_model *m = &b->net->rows.cassette_model[c->cassette_model];
        c->capacity_notes = (int32_t)((int64_t)m->capacity_notes * m->fill_ppm / 1000000);
    }
    if (c->step_notes < 1)
        return cp_build_problem(b,
                                "cassette %s slot %d: loading step of %d notes; must be 1 or more",
                                c->point_code, (int)c->slot, (int)c->step_notes);
    if (c->balance_notes < 0)
        return cp_build_problem(b, "cassette %s slot %d: balance of %d notes; must not be negative",
                                c->point_code, (int)c->slot, (int)c->balance_notes);
    return CP_OK;
}

static void add_to_channel(cp_channel *ch, const cp_cassette *c, bool branch)
{
    const bool shared = ch->share_ppm >= 0 && c->share_ppm >= 0;
    ch->share_ppm = shared ? ch->share_ppm + c->share_ppm : -1;
    ch->capacity_notes += c->capacity_notes;
    ch->load_most_notes += c->capacity_notes / c->step_notes * c->step_notes;
    ch->balance_notes += c->balance_notes;
    ch->min_load_notes += c->min_load_notes;
    ch->low_notes += c->low_notes;
    if (c->step_notes > ch->step_notes) ch->step_notes = c->step_notes;
    if (!branch) ch->n_cassettes++;
}

/* The channel of (role, denomination) among all[0..*n), made empty in its place when there is none.
 */
static cp_channel *channel_of(const cp_rows *r, const cp_cassette *c, int32_t denomination,
                              cp_channel *all, int32_t *n)
{
    int32_t at = 0; /* kept in order of (role, denomination) */
    while (at < *n && (all[at].role < c->role ||
                       (all[at].role == c->role && all[at].denomination < denomination)))
        at++;
    if (at < *n && all[at].role == c->role && all[at].denomination == denomination) return &all[at];
    memmove(&all[at + 1], &all[at], (size_t)(*n - at) * sizeof *all);
    memset(&all[at], 0, sizeof *all);
    all[at].point = c->point;
    all[at].denomination = denomination;
    all[at].role = c->role;
    all[at].cassette_model = r->point[c->point].kind == CP_POINT_BRANCH ? -1 : c->cassette_model;
    all[at].value_minor = r->denomination[denomination].value_minor;
    (*n)++;
    return &all[at];
}

/* Channels of one point, appended to all[]; returns how many. Denominations that a slot may hold
 * another day have a channel without room. */
static int32_t make_channels(const cp_rows *r, int32_t point, cp_channel *all)
{
    const cp_point *p = &r->point[point];
    int32_t n = 0;
    for (int32_t i = p->first_cassette; i < p->first_cassette + p->n_cassettes; i++) {
        const cp_cassette *c = &r->cassette[i];
        if (c->role == CP_ROLE_REJECT) continue;
        add_to_channel(channel_of(r, c, c->denomination, all, &n), c, p->kind == CP_POINT_BRANCH);
    }
    for (int32_t o = p->first_option; o < p->first_option + p->n_options; o++) {
        const cp_slot_option *option = &r->slot_option[o];
        const int32_t before = n;
        const cp_cassette *c = slot_of(r, point, option->slot);
        cp_channel *ch = channel_of(r, c, option->denomination, all, &n);
        if (n == before) continue;
        ch->step_notes = 1;
        ch->share_ppm = option->share_ppm;
    }
    return n;
}

cp_status cp_build_channels(cp_build *b)
{
    cp_rows *r = &b->net->rows;
    for (int32_t c = 0; c < r->n_cassette; c++)
        CP_TRY(settle_cassette(b, &r->cassette[c]));
    cp_channel *channels = NULL;
    CP_TRY(cp_build_options(b));
    CP_NEW(b->ctx, b->ctx->run, channels, r->n_cassette + r->n_slot_option);
    int32_t n = 0;
    for (int32_t p = 0; p < r->n_point; p++) {
        r->point[p].first_channel = n;
        r->point[p].n_channels = make_channels(r, p, channels + n);
        n += r->point[p].n_channels;
    }
    b->net->channels = channels;
    b->net->n_channels = n;
    return cp_build_mixes(b);
}

cp_status cp_build_currency(cp_build *b)
{
    const cp_network *net = b->net;
    int32_t found = net->rows.n_currency == 1 ? 0 : -1;
    const char *who = "";
    for (int32_t k = 0; k < net->n_channels; k++) {
        const cp_channel *ch = &net->channels[k];
        const int32_t currency = net->denoms[ch->denomination].currency;
        if (who[0] != '\0' && currency != found)
            return cp_build_problem(b,
                                    "%s holds %s and %s holds %s; a plan is made in one currency",
                                    who, net->rows.currency[found].code,
                                    net->points[ch->point].code, net->rows.currency[currency].code);
        found = currency;
        who = net->points[ch->point].code;
    }
    b->net->currency = found;
    return CP_OK;
}

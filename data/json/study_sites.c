/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_sites.c - where vaults may stand in a study, in which sizes, at what cost. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/json/study_raw.h"

#define DAYS_OF_YEAR 365

static int32_t vault_of(const cp_network *net, const char *code)
{
    for (int32_t v = 0; v < net->n_vaults; v++)
        if (strcmp(net->vaults[v].code, code) == 0) return v;
    return -1;
}

/* The vault that a place is like; -1 with a fault where there is none of that name. */
static cp_status like_of(cp_study_reading *r, const char *code, const char *path, int32_t *out)
{
    const cp_network *net = r->net;
    *out = -1;
    for (int32_t v = 0; code == NULL && *out < 0 && v < net->n_vaults; v++)
        if (net->vaults[v].status == CP_VAULT_EXISTING) *out = v;
    if (code == NULL && *out < 0 && net->n_vaults > 0) *out = 0;
    if (code != NULL) *out = vault_of(net, code);
    if (*out >= 0) return CP_OK;
    return cp_study_fault(r, code != NULL ? code : "",
                          "must be the code of a vault of the database", "%s", path);
}

static bool taken(const cp_study_reading *r, const char *code)
{
    for (int32_t j = 0; j < r->s->n_sites; j++)
        if (strcmp(r->s->sites[j].place.code, code) == 0) return true;
    for (int32_t i = 0; i < r->net->n_sites; i++)
        if (strcmp(r->net->sites[i].code, code) == 0) return true;
    return vault_of(r->net, code) >= 0;
}

static cp_study_site *add_site(cp_study_reading *r, const char *code, const char *name,
                               cp_study_origin origin)
{
    cp_study_site *site = &r->s->sites[r->s->n_sites++];
    *site = (cp_study_site){.place = {code, name, 0, 0, origin}, .vault = -1, .scenario = -1};
    return site;
}

static void add_vaults(cp_study_reading *r)
{
    for (int32_t v = 0; v < r->net->n_vaults; v++) {
        const cp_vault *a = &r->net->vaults[v];
        const bool today = a->status == CP_VAULT_EXISTING;
        if (!today && !(a->status == CP_VAULT_CANDIDATE && r->raw->candidates.database)) continue;
        cp_study_site *site =
            add_site(r, a->code, a->name, today ? CP_STUDY_EXISTING : CP_STUDY_CANDIDATE);
        site->place.lat_deg = a->lat_deg;
        site->place.lon_deg = a->lon_deg;
        site->located = true;
        site->vault = site->like = v;
    }
}

static cp_status add_places(cp_study_reading *r)
{
    const cp_raw_place *raw = r->raw->candidates.places.v;
    char path[96];
    for (int32_t k = 0; k < r->raw->candidates.places.n; k++) {
        const cp_raw_place *p = &raw[k];
        if (p->code == NULL) continue; /* told already */
        if (p->code[0] == '\0' || strlen(p->code) > 64 || taken(r, p->code))
            CP_TRY(cp_study_fault(r, p->code,
                                  "must be a code of its own, not that of a vault or site",
                                  "candidates.places[%d].code", (int)k));
        cp_study_site *site =
            add_site(r, p->code, p->name != NULL ? p->name : p->code, CP_STUDY_GENERATED);
        site->place.lat_deg = p->at.lat;
        site->place.lon_deg = p->at.lon;
        site->located = true;
        (void)snprintf(path, sizeof path, "candidates.places[%d].like", (int)k);
        CP_TRY(like_of(r, p->like != NULL ? p->like : r->raw->candidates.like, path, &site->like));
    }
    return CP_OK;
}

/* Sites CL-01.. or RN-01.., without coordinates yet. */
static cp_status add_generated(cp_study_reading *r, const char *prefix, const char *what, int32_t n,
                               const char *path)
{
    cp_ctx *ctx = r->in->ctx;
    int32_t like = -1;
    if (n > 0) CP_TRY(like_of(r, r->raw->candidates.like, "candidates.like", &like));
    for (int32_t k = 1; k <= n; k++) {
        const char *code = cp_strf(ctx, ctx->run, "%s-%02d", prefix, (int)k);
        const char *name = cp_strf(ctx, ctx->run, "%s %d", what, (int)k);
        if (code == NULL || name == NULL) return CP_E_NOMEM;
        if (taken(r, code))
            CP_TRY(cp_study_fault(r, code, "is the code of a vault or site already", "%s", path));
        add_site(r, code, name, CP_STUDY_GENERATED)->like = like;
    }
    return CP_OK;
}

static cp_status read_duties(cp_study_reading *r)
{
    const cp_raw_vault *raw = r->raw->vaults.v;
    char path[64];
    for (int32_t k = 0; k < r->raw->vaults.n; k++) {
        int32_t j = -1;
        if (raw[k].code == NULL) continue;
        (void)snprintf(path, sizeof path, "vaults[%d].code", (int)k);
        CP_TRY(cp_study_site_of(r, raw[k].code, path, &j));
        if (j < 0) continue;
        for (int32_t i = 0; i < k; i++)
            if (raw[i].code != NULL && strcmp(raw[i].code, raw[k].code) == 0)
                CP_TRY(cp_study_fault(r, raw[k].code, "must be named only once", "%s", path));
        r->s->sites[j].must = (cp_study_must)raw[k].must;
        if (raw[k].money.upgrade >= 0 && r->s->sites[j].place.origin != CP_STUDY_EXISTING)
            CP_TRY(cp_study_fault(r, raw[k].code, "is for a vault that runs today",
                                  "vaults[%d].upgrade_minor", (int)k));
    }
    return CP_OK;
}

static int32_t count_moves(const cp_raw_study *raw)
{
    int32_t n = 0;
    for (int32_t k = 0; k < raw->scenarios.n; k++)
        n += ((const cp_raw_scenario *)raw->scenarios.v)[k].changes.n;
    return n;
}

cp_status cp_study_read_sites(cp_study_reading *r)
{
    const cp_raw_candidates *c = &r->raw->candidates;
    cp_study *s = r->s;
    s->n_clusters = (int32_t)c->clusters;
    s->n_nodes = (int32_t)c->road_nodes;
    s->cluster_means = c->means == 1;
    s->cluster_by = (cp_study_weight)c->weight;
    CP_NEW(r->in->ctx, r->in->ctx->run, s->sites,
           r->net->n_vaults + c->places.n + s->n_clusters + s->n_nodes + count_moves(r->raw) + 1);
    add_vaults(r);
    CP_TRY(add_places(r));
    s->first_cluster = s->n_sites;
    CP_TRY(add_generated(r, "CL", "cluster", s->n_clusters, "candidates.clusters"));
    s->first_node = s->n_sites;
    CP_TRY(add_generated(r, "RN", "road node", s->n_nodes, "candidates.road_nodes"));
    if (s->n_nodes > 0 && r->net->rows.n_road_node == 0)
        CP_TRY(cp_study_fault(r, "", "needs road nodes, and the database has none",
                              "candidates.road_nodes"));
    if (s->n_sites == 0) CP_TRY(cp_study_fault(r, "", "leaves no place for a vault", "candidates"));
    return read_duties(r);
}

/* ---- sizes -------------------------------------------------------------------------------- */

/* Own costs of a site: what "vaults" says, else its place, else what all candidates share. */
static cp_raw_money money_of(const cp_study_reading *r, int32_t j)
{
    const cp_study_site *site = &r->s->sites[j];
    const cp_raw_place *places = r->raw->candidates.places.v;
    const cp_raw_vault *vaults = r->raw->vaults.v;
    cp_raw_money m = {-1, -1, -1, -1};
    if (site->place.origin != CP_STUDY_EXISTING) m = r->raw->candidates.money;
    for (int32_t k = 0; k < r->raw->candidates.places.n; k++) {
        const cp_raw_money *own = &places[k].money;
        if (places[k].code == NULL || strcmp(places[k].code, site->place.code) != 0) continue;
        if (own->run >= 0) m.run = own->run;
        if (own->begin >= 0) m.begin = own->begin;
        if (own->end >= 0) m.end = own->end;
    }
    for (int32_t k = 0; k < r->raw->vaults.n; k++) {
        const cp_raw_money *own = &vaults[k].money;
        if (vaults[k].code == NULL || strcmp(vaults[k].code, site->place.code) != 0) continue;
        if (own->run >= 0) m.run = own->run;
        if (own->begin >= 0) m.begin = own->begin;
        if (own->end >= 0) m.end = own->end;
        m.upgrade = own->upgrade;
    }
    return m;
}

static double room(int64_t limit, bool zero_is_any)
{
    return limit < 0 || (zero_is_any && limit == 0) ? INFINITY : (double)limit;
}

/* As the vault it is like: the limits of a day, the fixed cost of a year. */
static cp_study_size as_like(const cp_study_reading *r, int32_t j, const cp_raw_money *m)
{
    const cp_study_site *site = &r->s->sites[j];
    const cp_vault *v = &r->net->vaults[site->like];
    const bool today = site->place.origin == CP_STUDY_EXISTING;
    const int64_t notes =
        v->sort_notes_per_day == 0 ? 0 : (int64_t)v->sort_notes_per_day + v->sort_overtime_notes;
    return (cp_study_size){
        .name = today ? "today" : "standard",
        .site = j,
        .room = {room(v->out_minor_per_day, true), room(notes, true), room(v->stops_per_day, true)},
        .run = m->run >= 0 ? m->run : DAYS_OF_YEAR * v->fixed_minor_per_day,
        .begin = !today && m->begin > 0 ? m->begin : 0,
        .now = today};
}

static bool names_site(const cp_raw_size *size, const char *code)
{
    if (!size->sites.given) return true;
    for (int32_t k = 0; k < size->sites.n; k++)
        if (strcmp(size->sites.v[k], code) == 0) return true;
    return false;
}

static void add_sizes(cp_study_reading *r, int32_t j)
{
    const cp_raw_size *raw = r->raw->sizes.v;
    const cp_raw_money m = money_of(r, j);
    cp_study *s = r->s;
    cp_study_site *site = &s->sites[j];
    const bool today = site->place.origin == CP_STUDY_EXISTING;
    const int64_t own_begin = today ? m.upgrade : m.begin;
    const int32_t before = s->n_sizes;
    site->end = m.end > 0 ? m.end : 0;
    if (today && site->like >= 0) s->sizes[s->n_sizes++] = as_like(r, j, &m);
    for (int32_t k = 0; k < r->raw->sizes.n; k++) {
        if (!names_site(&raw[k], site->place.code)) continue;
        s->sizes[s->n_sizes++] = (cp_study_size){
            .name = raw[k].name,
            .site = j,
            .room = {room(raw[k].value, false), room(raw[k].notes, false),
                     room(raw[k].stops, false)},
            .run = raw[k].run + (m.run > 0 && !today ? m.run : 0),
            .begin = (raw[k].begin > 0 ? raw[k].begin : 0) + (own_begin > 0 ? own_begin : 0)};
    }
    if (s->n_sizes == before && site->like >= 0) s->sizes[s->n_sizes++] = as_like(r, j, &m);
}

cp_status cp_study_read_sizes(cp_study_reading *r)
{
    cp_study *s = r->s;
    const cp_raw_size *raw = r->raw->sizes.v;
    const size_t sites = (size_t)s->n_sites + (size_t)count_moves(r->raw);
    char path[64];
    for (int32_t k = 0; k < r->raw->sizes.n; k++) {
        const int32_t *unused = NULL;
        int32_t n = 0;
        (void)snprintf(path, sizeof path, "sizes[%d].vaults", (int)k);
        CP_TRY(cp_study_sites_of(r, &raw[k].sites, path, &unused, &n));
        for (int32_t i = 0; i < k; i++)
            if (raw[i].name != NULL && raw[k].name != NULL && strcmp(raw[i].name, raw[k].name) == 0)
                CP_TRY(cp_study_fault(r, raw[k].name, "must be a name of its own", "sizes[%d].name",
                                      (int)k));
    }
    CP_NEW(r->in->ctx, r->in->ctx->run, s->sizes, sites * ((size_t)r->raw->sizes.n + 1) + 1);
    for (int32_t j = 0; j < s->n_sites; j++)
        add_sizes(r, j);
    return CP_OK;
}

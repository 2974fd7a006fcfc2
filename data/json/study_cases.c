/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study_cases.c - the scenarios of a study with their changes, and its curves. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/json/study_raw.h"
#include "models/net/fields.h"

/* Members of a change besides "do". */
enum {
    HAS_VAULT = 1,
    HAS_ITEM = 2,
    HAS_DISTRICT = 4,
    HAS_SITE = 8,
    HAS_TO = 16,
    HAS_REACH = 32,
    HAS_FACTOR = 64,
    HAS_PCT = 128,
    HAS_NONE = 256,
    HAS_LOAD = 512,
    HAS_VALUE = 1024,
    HAS_ONCE = 2048,
    HAS_LEAST = 4096,
    HAS_MOST = 8192,
    N_MEMBERS = 14
};
static const char *const member_names[N_MEMBERS] = {
    "vault", "item", "district", "site",  "to",         "minutes", "factor",
    "pct",   "none", "load",     "value", "once_minor", "least",   "most"};

/* What a change of a kind must have, may have, and of what it must have exactly one. */
typedef struct rule {
    int32_t must, may, one_of;
} rule;
static const rule rules[CP_N_CHANGES] = {
    [CP_CHANGE_OPEN] = {HAS_VAULT, 0, 0},
    [CP_CHANGE_CLOSE] = {HAS_VAULT, 0, 0},
    [CP_CHANGE_FREE] = {HAS_VAULT, 0, 0},
    [CP_CHANGE_MOVE] = {HAS_VAULT | HAS_TO, HAS_ONCE, 0},
    [CP_CHANGE_RADIUS] = {0, 0, HAS_REACH | HAS_NONE},
    [CP_CHANGE_CAPACITY] = {HAS_FACTOR, HAS_VAULT | HAS_LOAD, 0},
    [CP_CHANGE_TARIFF] = {HAS_ITEM, 0, HAS_FACTOR | HAS_VALUE},
    [CP_CHANGE_RUN] = {0, HAS_VAULT, HAS_FACTOR | HAS_VALUE},
    [CP_CHANGE_DEMAND] = {HAS_PCT, HAS_DISTRICT | HAS_SITE, 0},
    [CP_CHANGE_OUTAGE] = {HAS_VAULT, 0, 0},
    [CP_CHANGE_COUNT] = {0, HAS_LEAST | HAS_MOST, 0},
};

static int32_t members_of(const cp_raw_change *c)
{
    return (c->vault != NULL ? HAS_VAULT : 0) | (c->item != NULL ? HAS_ITEM : 0) |
           (c->district != NULL ? HAS_DISTRICT : 0) | (c->site != NULL ? HAS_SITE : 0) |
           (c->to.given ? HAS_TO : 0) | (c->reach.minutes > 0 || c->reach.km > 0 ? HAS_REACH : 0) |
           (c->factor >= 0 ? HAS_FACTOR : 0) | (c->pct >= -99 ? HAS_PCT : 0) |
           (c->none ? HAS_NONE : 0) | (c->load >= 0 ? HAS_LOAD : 0) |
           (c->value >= 0 ? HAS_VALUE : 0) | (c->once >= 0 ? HAS_ONCE : 0) |
           (c->least >= 0 ? HAS_LEAST : 0) | (c->most >= 0 ? HAS_MOST : 0);
}

/* Does the change have what its kind asks for, and nothing that says nothing there? */
static cp_status check_members(cp_study_reading *r, const cp_raw_change *c, const char *path)
{
    const rule *k = &rules[c->kind];
    const int32_t has = members_of(c);
    int32_t ones = 0;
    for (int32_t b = 0; b < N_MEMBERS; b++) {
        const int32_t bit = 1 << b;
        if ((k->must & bit) != 0 && (has & bit) == 0)
            CP_TRY(cp_study_fault(r, "", "is missing and must be given", "%s.%s", path,
                                  member_names[b]));
        if ((has & bit) != 0 && ((k->must | k->may | k->one_of) & bit) == 0)
            CP_TRY(cp_study_fault(r, cp_study_change_name((cp_study_change_kind)c->kind),
                                  "does not belong to a change of this kind", "%s.%s", path,
                                  member_names[b]));
        ones += (has & k->one_of & bit) != 0 ? 1 : 0;
    }
    if (k->one_of != 0 && ones != 1)
        CP_TRY(cp_study_fault(r, "",
                              c->kind == CP_CHANGE_RADIUS
                                  ? "must give a radius (minutes, km), or \"none\": true"
                                  : "must give factor or value, one of them",
                              "%s", path));
    if (c->kind == CP_CHANGE_COUNT && has == 0)
        CP_TRY(cp_study_fault(r, "", "must give least or most", "%s", path));
    return CP_OK;
}

static cp_status tariff_item(cp_study_reading *r, const char *text, const char *path,
                             cp_tariff_item *out)
{
    const cp_entity *tariff = &cp_entities[CP_ENTITY_TARIFF];
    for (int32_t f = 0; f < tariff->n_fields; f++) {
        if (strcmp(tariff->fields[f].name, "item") != 0) continue;
        for (int32_t k = 0; tariff->fields[f].names[k] != NULL; k++) {
            if (strcmp(tariff->fields[f].names[k], text) != 0) continue;
            *out = (cp_tariff_item)k;
            return CP_OK;
        }
    }
    return cp_study_fault(r, text, "must be an item of the tariff (km_minor, hour_minor, ...)",
                          "%s.item", path);
}

/* The place that the vault stands at after the change: vault@scenario, with its sizes; what moving
 * costs is paid when it begins to run there. */
static cp_status add_moved(cp_study_reading *r, int32_t scenario, const char *name,
                           const cp_raw_change *raw, cp_study_change *c)
{
    cp_ctx *ctx = r->in->ctx;
    cp_study *s = r->s;
    const cp_study_site *from = &s->sites[c->site];
    cp_study_site *to = &s->sites[s->n_sites];
    const int32_t n_sizes = s->n_sizes;
    *to = *from;
    to->place.code = cp_strf(ctx, ctx->run, "%s@%s", from->place.code, name);
    if (to->place.code == NULL) return CP_E_NOMEM;
    to->place.lat_deg = raw->to.lat;
    to->place.lon_deg = raw->to.lon;
    to->place.origin = CP_STUDY_MOVED;
    to->located = true;
    to->vault = -1;
    to->scenario = scenario;
    to->must = CP_STUDY_MAY;
    for (int32_t o = 0; o < n_sizes; o++) {
        if (s->sizes[o].site != c->site) continue;
        cp_study_size *size = &s->sizes[s->n_sizes++];
        *size = s->sizes[o];
        size->site = s->n_sites;
        size->begin = raw->once > 0 ? raw->once : 0;
        size->now = false;
    }
    c->to = s->n_sites++;
    return CP_OK;
}

/* A vault that was moved before is meant where it stands now. */
static int32_t where_now(const cp_study_change *list, int32_t n, int32_t site)
{
    for (int32_t k = 0; k < n; k++)
        if (list[k].kind == CP_CHANGE_MOVE && list[k].site == site) site = list[k].to;
    return site;
}

typedef struct spot {
    int32_t scenario, change;
    const char *name; /* of the scenario */
    char path[96];
} spot;

static cp_status fill_change(cp_study_reading *r, const spot *at, const cp_raw_change *raw,
                             cp_study_change *list, int32_t n)
{
    cp_study_change *c = &list[n];
    char path[128];
    *c = (cp_study_change){.kind = (cp_study_change_kind)raw->kind,
                           .site = -1,
                           .to = -1,
                           .load = raw->load,
                           .least = (int32_t)raw->least,
                           .most = (int32_t)raw->most,
                           .factor = raw->factor,
                           .value = raw->value,
                           .once = raw->once > 0 ? raw->once : 0,
                           .reach = cp_study_reach_of(&raw->reach)};
    (void)snprintf(path, sizeof path, "%s.vault", at->path);
    if (raw->vault != NULL) {
        CP_TRY(cp_study_site_of(r, raw->vault, path, &c->site));
        if (c->site < 0) return CP_OK;
        c->site = where_now(list, n, c->site);
    }
    if (raw->item != NULL) CP_TRY(tariff_item(r, raw->item, at->path, &c->item));
    const cp_raw_growth growth = {raw->pct, raw->district, raw->site};
    if (c->kind == CP_CHANGE_DEMAND) CP_TRY(cp_study_growth_of(r, &growth, at->path, &c->growth));
    if (c->kind == CP_CHANGE_MOVE && c->site >= 0 && raw->to.given)
        CP_TRY(add_moved(r, at->scenario, at->name, raw, c));
    return CP_OK;
}

/* Least and most vaults must still make sense in the end. */
static cp_status check_count(cp_study_reading *r, const cp_study_case *c, const char *path)
{
    int32_t least = r->s->least, most = r->s->most;
    bool any = false; /* the study's own are told already */
    for (int32_t k = 0; k < c->n_changes; k++) {
        if (c->changes[k].kind != CP_CHANGE_COUNT) continue;
        any = true;
        if (c->changes[k].least >= 0) least = c->changes[k].least;
        if (c->changes[k].most >= 0) most = c->changes[k].most;
    }
    return least <= most || !any
               ? CP_OK
               : cp_study_fault(r, "", "leave least above most", "%s.changes", path);
}

/* Index of the case a scenario builds on; -1 with a fault. */
static cp_status base_of(cp_study_reading *r, const cp_raw_scenario *raw, int32_t k, int32_t n,
                         int32_t *out)
{
    const char *base = raw->base != NULL ? raw->base : "base";
    *out = -1;
    for (int32_t i = 0; i < n; i++)
        if (strcmp(r->s->cases[i].name, base) == 0) *out = i;
    return *out >= 0 ? CP_OK
                     : cp_study_fault(r, base, "must be \"base\" or the name of a scenario above",
                                      "scenarios[%d].base", (int)k);
}

static cp_status check_names(cp_study_reading *r, const cp_raw_scenario *raw, int32_t k)
{
    const char *name = raw[k].name;
    if (name == NULL) return CP_OK;
    bool fits = name[0] != '\0' && strlen(name) <= 64 && strpbrk(name, ",\"\\") == NULL;
    for (const char *c = name; fits && *c != '\0'; c++)
        fits = (unsigned char)*c >= 0x20 && *c != 0x7f;
    bool own = strcmp(name, "base") != 0;
    for (int32_t i = 0; i < k && own; i++)
        own = raw[i].name == NULL || strcmp(raw[i].name, name) != 0;
    if (!fits)
        CP_TRY(cp_study_fault(r, name,
                              "must have 1 to 64 bytes, no comma, quote or control characters",
                              "scenarios[%d].name", (int)k));
    if (!own)
        CP_TRY(cp_study_fault(r, name, "must be a name of its own, and not \"base\"",
                              "scenarios[%d].name", (int)k));
    return CP_OK;
}

static cp_status read_case(cp_study_reading *r, const cp_raw_scenario *raw, int32_t k,
                           cp_study_case *out)
{
    const cp_raw_change *changes = raw->changes.v;
    cp_study_change *list = NULL;
    int32_t base = -1;
    CP_TRY(base_of(r, raw, k, k + 1, &base)); /* cases of k scenarios and the base are there */
    const cp_study_case *from = base >= 0 ? &r->s->cases[base] : &r->s->cases[0];
    CP_NEW(r->in->ctx, r->in->ctx->run, list, from->n_changes + raw->changes.n + 1);
    if (from->n_changes > 0) memcpy(list, from->changes, (size_t)from->n_changes * sizeof *list);
    int32_t n = from->n_changes;
    for (int32_t i = 0; i < raw->changes.n; i++) {
        spot at = {k + 1, i, raw->name != NULL ? raw->name : "", ""};
        (void)snprintf(at.path, sizeof at.path, "scenarios[%d].changes[%d]", (int)k, (int)i);
        if (changes[i].kind < 0) continue; /* told already */
        const int32_t before = r->in->n_faults;
        CP_TRY(check_members(r, &changes[i], at.path));
        if (r->in->n_faults == before) CP_TRY(fill_change(r, &at, &changes[i], list, n++));
    }
    *out = (cp_study_case){raw->name != NULL ? raw->name : "", from->name, list, n};
    char path[64];
    (void)snprintf(path, sizeof path, "scenarios[%d]", (int)k);
    return check_count(r, out, path);
}

cp_status cp_study_read_cases(cp_study_reading *r)
{
    const cp_raw_scenario *raw = r->raw->scenarios.v;
    cp_study_case *list = NULL;
    CP_NEW(r->in->ctx, r->in->ctx->run, list, r->raw->scenarios.n + 1);
    list[0] = (cp_study_case){"base", "", NULL, 0};
    r->s->cases = list;
    r->s->n_cases = r->raw->scenarios.n + 1;
    for (int32_t k = 0; k < r->raw->scenarios.n; k++) {
        CP_TRY(check_names(r, raw, k));
        CP_TRY(read_case(r, &raw[k], k, &list[k + 1]));
    }
    return CP_OK;
}

cp_status cp_study_read_lines(cp_study_reading *r)
{
    const cp_raw_curve *raw = r->raw->curves.v;
    cp_study_line *list = NULL;
    CP_NEW(r->in->ctx, r->in->ctx->run, list, r->raw->curves.n + 1);
    for (int32_t k = 0; k < r->raw->curves.n; k++) {
        list[k] = (cp_study_line){(cp_study_axis)raw[k].axis, raw[k].from, raw[k].to,
                                  (int32_t)raw[k].points};
        if (raw[k].axis < 0) continue;
        const bool radius = raw[k].axis == CP_AXIS_RADIUS_MIN || raw[k].axis == CP_AXIS_RADIUS_KM;
        if (radius && !(raw[k].from > 0))
            CP_TRY(
                cp_study_fault(r, "", "must be above 0 for a radius", "curves[%d].from", (int)k));
        if (!(raw[k].to > raw[k].from))
            CP_TRY(cp_study_fault(r, "", "must be above from", "curves[%d].to", (int)k));
        if (radius && r->s->aim == CP_STUDY_WORST_TIME)
            CP_TRY(cp_study_fault(r, "", "cannot be a radius: the objective finds the least one",
                                  "curves[%d].of", (int)k));
    }
    r->s->lines = list;
    r->s->n_lines = r->raw->curves.n;
    return CP_OK;
}

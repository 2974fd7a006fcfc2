/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/study_read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "data/json/study_raw.h"
#include "models/base/text.h"

#define NAME_MAX_BYTES 64
#define SECONDS_OF_MINUTE 60
#define METRES_OF_KM 1000

cp_status cp_study_fault(cp_study_reading *r, const char *value, const char *rule,
                         const char *path_format, ...)
{
    char path[256];
    va_list args;
    va_start(args, path_format);
    (void)cp_vformat(path, sizeof path, path_format, args);
    va_end(args);
    CP_TRY(cp_json_fault_add(r->in, path, NULL, rule));
    if (value[0] == '\0') return CP_OK;
    const char *shown = cp_strf(r->in->ctx, r->in->ctx->run, "\"%.60s\"", value);
    if (shown == NULL) return CP_E_NOMEM;
    r->in->faults[r->in->n_faults - 1].value = shown;
    return CP_OK;
}

cp_status cp_study_site_of(cp_study_reading *r, const char *code, const char *path, int32_t *out)
{
    *out = -1;
    for (int32_t j = 0; j < r->s->n_sites; j++)
        if (r->s->sites[j].scenario < 0 && strcmp(r->s->sites[j].place.code, code) == 0) *out = j;
    return *out >= 0 ? CP_OK
                     : cp_study_fault(r, code, "must be the code of a vault or place of the study",
                                      "%s", path);
}

cp_status cp_study_sites_of(cp_study_reading *r, const cp_json_texts *codes, const char *path,
                            const int32_t **out, int32_t *n)
{
    char here[200];
    int32_t *list = NULL;
    CP_NEW(r->in->ctx, r->in->ctx->run, list, codes->n + 1);
    for (int32_t k = 0; k < codes->n; k++) {
        (void)snprintf(here, sizeof here, "%.150s[%d]", path, (int)k);
        CP_TRY(cp_study_site_of(r, codes->v[k], here, &list[k]));
        for (int32_t i = 0; i < k; i++)
            if (list[i] == list[k] && list[k] >= 0)
                CP_TRY(cp_study_fault(r, codes->v[k], "must be named only once", "%s", here));
    }
    *out = list;
    *n = codes->n;
    return CP_OK;
}

cp_status cp_study_growth_of(cp_study_reading *r, const cp_raw_growth *raw, const char *path,
                             cp_study_growth *out)
{
    const cp_network *net = r->net;
    *out = (cp_study_growth){-1, raw->district, 1 + raw->pct / 100};
    if (raw->district != NULL && raw->site != NULL)
        return cp_study_fault(r, raw->site, "cannot be given together with district", "%s.site",
                              path);
    for (int32_t i = 0; raw->site != NULL && i < net->n_sites; i++)
        if (strcmp(net->sites[i].code, raw->site) == 0) out->client = i;
    if (raw->site != NULL && out->client < 0)
        return cp_study_fault(r, raw->site, "must be the code of a site of the database", "%s.site",
                              path);
    bool any = raw->district == NULL;
    for (int32_t i = 0; !any && i < net->n_sites; i++)
        any = strcmp(net->sites[i].district, raw->district) == 0;
    return any ? CP_OK
               : cp_study_fault(r, raw->district, "must be the district of some site",
                                "%s.district", path);
}

cp_study_reach cp_study_reach_of(const cp_raw_reach *raw)
{
    return (cp_study_reach){(int32_t)floor(raw->minutes * SECONDS_OF_MINUTE + 0.5),
                            (int32_t)floor(raw->km * METRES_OF_KM + 0.5)};
}

static bool no_reach(cp_study_reach reach)
{
    return reach.seconds == 0 && reach.metres == 0;
}

/* A name is shown, stored and typed. */
static cp_status check_name(cp_study_reading *r, const char *name, const char *path)
{
    bool fits = name != NULL && name[0] != '\0' && strlen(name) <= NAME_MAX_BYTES;
    for (const char *c = name; fits && *c != '\0'; c++)
        fits = (unsigned char)*c >= 0x20 && *c != 0x7f && *c != ',';
    return fits || name == NULL
               ? CP_OK
               : cp_study_fault(r, name, "must have 1 to 64 bytes, no comma, no control characters",
                                "%s", path);
}

static cp_status read_rules(cp_study_reading *r)
{
    const cp_raw_study *raw = r->raw;
    cp_study *s = r->s;
    s->radius = cp_study_reach_of(&raw->radius.reach);
    s->radius_wish = raw->radius.wish == 1;
    s->radius_extra = raw->radius.extra_pct / 100;
    s->near = cp_study_reach_of(&raw->reserve.reach);
    s->reserve = no_reach(s->near) ? 0 : (int32_t)raw->reserve.vaults;
    s->cover = cp_study_reach_of(&raw->cover.reach);
    s->cover_floor = raw->cover.floor_pct / 100;
    s->cover_by = (cp_study_weight)raw->cover.by;
    s->balance = raw->balance.ratio;
    s->balance_load = (cp_study_load)raw->balance.load;
    if (s->radius_extra > 0 && !s->radius_wish)
        CP_TRY(cp_study_fault(r, "", "goes with \"rule\": \"wish\" alone", "radius.extra_pct"));
    if (s->reserve == 0 && raw->reserve.vaults > 0)
        CP_TRY(cp_study_fault(r, "", "must give minutes or km", "reserve"));
    if (no_reach(s->cover) && s->cover_floor > 0)
        CP_TRY(cp_study_fault(r, "", "must give minutes or km", "coverage"));
    return CP_OK;
}

/* What the questions that are not about cost need. */
static cp_status check_aim(cp_study_reading *r)
{
    const cp_raw_study *raw = r->raw;
    const cp_study *s = r->s;
    if (s->aim == CP_STUDY_COST) return CP_OK;
    if (s->aim != CP_STUDY_FEWEST && raw->most < 0)
        CP_TRY(cp_study_fault(r, "", "must be given: how many vaults there may be", "most"));
    if ((s->aim == CP_STUDY_FEWEST || s->aim == CP_STUDY_COVERED) && no_reach(s->radius))
        CP_TRY(cp_study_fault(r, "", "must be given: what counts as covered", "radius"));
    if (s->aim == CP_STUDY_FEWEST && s->radius_wish)
        CP_TRY(
            cp_study_fault(r, "wish", "must be \"must\" with the objective fewest", "radius.rule"));
    if (s->n_periods > 1)
        CP_TRY(
            cp_study_fault(r, "", "must be one at most unless the objective is cost", "periods"));
    if (s->n_what_ifs > 1)
        CP_TRY(
            cp_study_fault(r, "", "must be one at most unless the objective is cost", "what_ifs"));
    if (s->split)
        CP_TRY(
            cp_study_fault(r, "split", "must be single unless the objective is cost", "service"));
    return CP_OK;
}

static cp_status read_periods(cp_study_reading *r)
{
    const cp_raw_period *raw = r->raw->periods.v;
    cp_study *s = r->s;
    cp_study_period *list = NULL;
    char path[64];
    s->n_periods = r->raw->periods.n > 0 ? r->raw->periods.n : 1;
    CP_NEW(r->in->ctx, r->in->ctx->run, list, s->n_periods);
    list[0] = (cp_study_period){"year", 1, 1};
    for (int32_t t = 0; t < r->raw->periods.n; t++) {
        (void)snprintf(path, sizeof path, "periods[%d].name", (int)t);
        list[t] = (cp_study_period){raw[t].name, raw[t].years, 1 + raw[t].growth_pct / 100};
        CP_TRY(check_name(r, raw[t].name, path));
    }
    s->periods = list;
    return CP_OK;
}

static cp_status read_what_if(cp_study_reading *r, int32_t w, cp_study_what_if *out)
{
    const cp_raw_what_if *raw = (const cp_raw_what_if *)r->raw->what_ifs.v + w;
    const cp_raw_growth *growth = raw->growth.v;
    cp_study_growth *list = NULL;
    char path[64];
    CP_NEW(r->in->ctx, r->in->ctx->run, list, raw->growth.n + 1);
    for (int32_t k = 0; k < raw->growth.n; k++) {
        (void)snprintf(path, sizeof path, "what_ifs[%d].growth[%d]", (int)w, (int)k);
        CP_TRY(cp_study_growth_of(r, &growth[k], path, &list[k]));
    }
    (void)snprintf(path, sizeof path, "what_ifs[%d].outage", (int)w);
    *out = (cp_study_what_if){raw->name, raw->weight, list, raw->growth.n, NULL, 0};
    CP_TRY(cp_study_sites_of(r, &raw->outage, path, &out->out, &out->n_out));
    (void)snprintf(path, sizeof path, "what_ifs[%d].name", (int)w);
    return check_name(r, raw->name, path);
}

static cp_status read_what_ifs(cp_study_reading *r)
{
    cp_study *s = r->s;
    cp_study_what_if *list = NULL;
    double sum = 0;
    s->n_what_ifs = r->raw->what_ifs.n > 0 ? r->raw->what_ifs.n : 1;
    CP_NEW(r->in->ctx, r->in->ctx->run, list, s->n_what_ifs);
    list[0] = (cp_study_what_if){"as expected", 1, NULL, 0, NULL, 0};
    for (int32_t w = 0; w < r->raw->what_ifs.n; w++) {
        CP_TRY(read_what_if(r, w, &list[w]));
        sum += list[w].weight;
    }
    for (int32_t w = 0; w < r->raw->what_ifs.n && sum > 0; w++)
        list[w].weight /= sum;
    s->what_ifs = list;
    return CP_OK;
}

static cp_status read_groups(cp_study_reading *r)
{
    const cp_raw_group *raw = r->raw->groups.v;
    cp_study_group *list = NULL;
    char path[64];
    CP_NEW(r->in->ctx, r->in->ctx->run, list, r->raw->groups.n + 1);
    for (int32_t k = 0; k < r->raw->groups.n; k++) {
        (void)snprintf(path, sizeof path, "groups[%d].vaults", (int)k);
        list[k].least = (int32_t)raw[k].least;
        list[k].most = (int32_t)raw[k].most;
        CP_TRY(cp_study_sites_of(r, &raw[k].sites, path, &list[k].sites, &list[k].n));
        if (raw[k].least > raw[k].most)
            CP_TRY(cp_study_fault(r, "", "must not be above most", "groups[%d].least", (int)k));
    }
    r->s->groups = list;
    r->s->n_groups = r->raw->groups.n;
    return CP_OK;
}

static cp_status read_count(cp_study_reading *r)
{
    cp_study *s = r->s;
    s->least = r->raw->least < 0 ? 1 : (int32_t)r->raw->least;
    s->most = r->raw->most < 0 ? s->n_sites : (int32_t)r->raw->most;
    if (s->least > s->most)
        CP_TRY(cp_study_fault(r, "", "must not be above most, and not above the number of places",
                              "least"));
    return CP_OK;
}

static cp_status resolve(cp_study_reading *r)
{
    const cp_raw_study *raw = r->raw;
    cp_study *s = r->s;
    s->name = raw->name;
    s->title = raw->title[0] != '\0' ? raw->title : raw->name;
    s->aim = (cp_study_aim)raw->aim;
    s->source = (cp_study_source)raw->demand.from;
    s->days = (int32_t)raw->demand.days;
    s->residual = raw->demand.residual_pct / 100;
    s->days_per_year = raw->demand.days_per_year;
    s->split = raw->service == 1;
    s->leave = raw->leave;
    s->discount = raw->discount_pct / 100;
    s->robust = raw->robust;
    s->break_even = (cp_study_proofs)raw->proofs;
    CP_TRY(check_name(r, raw->name, "name"));
    CP_TRY(read_rules(r));
    CP_TRY(cp_study_read_sites(r));
    CP_TRY(cp_study_read_sizes(r));
    CP_TRY(read_count(r));
    CP_TRY(read_groups(r));
    CP_TRY(read_periods(r));
    CP_TRY(read_what_ifs(r));
    CP_TRY(check_aim(r));
    CP_TRY(cp_study_read_cases(r));
    return cp_study_read_lines(r);
}

cp_status cp_study_read(cp_ctx *ctx, const char *text, size_t n, const char *name,
                        const cp_network *net, cp_json_in *faults, cp_study **out)
{
    cp_raw_study *raw = NULL;
    cp_study *s = NULL;
    *faults = (cp_json_in){.ctx = ctx};
    CP_NEW(ctx, ctx->run, raw, 1);
    CP_NEW(ctx, ctx->run, s, 1);
    CP_TRY(cp_study_fields(faults, text, n, raw));
    /* Texts that must be there and are not are faults already; the rest is looked at all the same,
     * unless nothing could be read. */
    cp_study_reading r = {faults, net, raw, s};
    if (raw->title != NULL) CP_TRY(resolve(&r));
    if (faults->n_faults > 0) {
        const cp_json_fault *f = &faults->faults[0];
        CP_FAIL(ctx, CP_E_INPUT, "%s: %d fault%s; the first: %s%s%s %s", name,
                (int)faults->n_faults, faults->n_faults == 1 ? "" : "s", f->path,
                f->value[0] == '\0' ? "" : ": ", f->value, f->rule);
    }
    *out = s;
    return CP_OK;
}

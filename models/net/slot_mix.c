/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/slot_mix.h"

#include <string.h>

#include "models/net/build.h"

#define TRIED_MAX 4096 /* combinations of one machine that are looked at */

/* ---- rows --------------------------------------------------------------------------------- */

static cp_cassette *slot_of(cp_rows *r, const cp_point *p, int32_t slot)
{
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
        if (r->cassette[c].slot == slot) return &r->cassette[c];
    return NULL;
}

static cp_status settle_option(cp_build *b, cp_slot_option *o)
{
    cp_rows *r = &b->net->rows;
    const cp_point *p = &r->point[o->point];
    const cp_cassette *box = slot_of(r, p, o->slot);
    const char *code = p->code;
    if (p->kind != CP_POINT_ATM || p->visit_kinds != CP_MAY_SWAP || p->serviced_by != CP_BY_CENTER)
        return cp_build_problem(
            b,
            "slot_option %s slot %d: point_code %s may have options only when it is "
            "a machine that is swapped and nothing else, by the center "
            "(visit_kinds swap)",
            code, (int)o->slot, code);
    if (box == NULL)
        return cp_build_problem(b, "slot_option %s: slot is %d; the machine has no such slot", code,
                                (int)o->slot);
    if (box->role != CP_ROLE_DISPENSE && box->role != CP_ROLE_RECYCLE)
        return cp_build_problem(b,
                                "slot_option %s: slot is %d; only slots that pay out have options",
                                code, (int)o->slot);
    if (box->denomination == o->denomination)
        return cp_build_problem(
            b, "slot_option %s slot %d: denomination_code is %s, what it holds already", code,
            (int)o->slot, o->denomination_code);
    if (o->capacity_notes < 0) o->capacity_notes = box->capacity_notes;
    if (o->step_notes < 1) o->step_notes = box->step_notes;
    if (o->min_load_notes < 0) o->min_load_notes = box->min_load_notes;
    return CP_OK;
}

cp_status cp_build_options(cp_build *b)
{
    cp_rows *r = &b->net->rows;
    for (int32_t p = 0; p < r->n_point; p++) {
        r->point[p].first_option = r->point[p].n_options = 0;
        r->point[p].first_mix = r->point[p].n_mixes = r->point[p].mix = 0;
    }
    for (int32_t i = 0; i < r->n_slot_option;
         i++) { /* sorted by point code: a point's stand together */
        cp_point *p = &r->point[r->slot_option[i].point];
        CP_TRY(settle_option(b, &r->slot_option[i]));
        if (p->n_options++ == 0) p->first_option = i;
    }
    return cp_build_verdict(b);
}

/* ---- one combination ---------------------------------------------------------------------- */

typedef struct mixer {
    cp_build *b;
    const cp_rows *rows;
    const cp_point *point;
    const cp_channel *today;
    cp_mix *mix; /* those of all points so far */
    int32_t n;
    int32_t *choice;  /* by cassette: 0 = its row, i = its i-th option */
    cp_cassette *box; /* of the combination */
    cp_channel *channel;
} mixer;

static const cp_slot_option *option_of(const mixer *m, int32_t slot, int32_t i)
{
    for (int32_t o = m->point->first_option; o < m->point->first_option + m->point->n_options; o++)
        if (m->rows->slot_option[o].slot == slot && --i == 0) return &m->rows->slot_option[o];
    return NULL;
}

/* The next combination, the last slots turning fastest; false after the last one. */
static bool turn(mixer *m)
{
    for (int32_t k = m->point->n_cassettes - 1; k >= 0; k--) {
        const int32_t slot = m->rows->cassette[m->point->first_cassette + k].slot;
        if (option_of(m, slot, m->choice[k] + 1) != NULL) {
            m->choice[k]++;
            return true;
        }
        m->choice[k] = 0;
    }
    return false;
}

static void empty_channel(cp_channel *c)
{
    c->capacity_notes = c->load_most_notes = 0;
    c->min_load_notes = c->low_notes = c->n_cassettes = 0;
    c->step_notes = 1;
}

static void lay_out(mixer *m)
{
    for (int32_t k = 0; k < m->point->n_channels; k++) {
        m->channel[k] = m->today[k];
        empty_channel(&m->channel[k]);
    }
    for (int32_t k = 0; k < m->point->n_cassettes; k++) {
        cp_cassette *box = &m->box[k];
        *box = m->rows->cassette[m->point->first_cassette + k];
        const cp_slot_option *o = m->choice[k] > 0 ? option_of(m, box->slot, m->choice[k]) : NULL;
        if (o != NULL) {
            box->denomination = o->denomination;
            box->denomination_code = o->denomination_code;
            box->capacity_notes = o->capacity_notes;
            box->step_notes = o->step_notes;
            box->min_load_notes = o->min_load_notes;
            box->balance_notes = 0;
        }
        for (int32_t i = 0; i < m->point->n_channels && box->role != CP_ROLE_REJECT; i++) {
            cp_channel *c = &m->channel[i];
            if (c->role != box->role || c->denomination != box->denomination) continue;
            c->capacity_notes += box->capacity_notes;
            c->load_most_notes += box->capacity_notes / box->step_notes * box->step_notes;
            c->min_load_notes += box->min_load_notes;
            c->low_notes += box->low_notes;
            c->n_cassettes++;
            if (box->step_notes > c->step_notes) c->step_notes = box->step_notes;
        }
    }
}

/* Does every denomination that is paid out today keep a slot, or a note that stands in for it? */
static bool keeps_service(const mixer *m)
{
    for (int32_t k = 0; k < m->point->n_channels; k++) {
        const cp_channel *was = &m->today[k];
        bool served =
            was->role == CP_ROLE_DEPOSIT || was->n_cassettes == 0 || m->channel[k].n_cassettes > 0;
        const bool may_go =
            was->role == CP_ROLE_DISPENSE && m->point->dispense_rule == CP_DISPENSE_MIX;
        for (int32_t j = 0; j < m->point->n_channels && may_go && !served; j++) {
            const cp_channel *c = &m->channel[j];
            served = j != k && c->role != CP_ROLE_DEPOSIT && c->n_cassettes > 0 &&
                     was->value_minor % c->value_minor == 0;
        }
        if (!served) return false;
    }
    return true;
}

static bool same_channels(const mixer *m, const cp_mix *mix)
{
    for (int32_t k = 0; k < m->point->n_channels; k++) {
        const cp_channel *a = &m->channel[k], *b = &mix->channels[k];
        if (a->capacity_notes != b->capacity_notes || a->load_most_notes != b->load_most_notes ||
            a->min_load_notes != b->min_load_notes || a->low_notes != b->low_notes ||
            a->step_notes != b->step_notes)
            return false;
    }
    return true;
}

/* ---- all of a machine --------------------------------------------------------------------- */

static cp_status keep(mixer *m, cp_point *point)
{
    cp_ctx *ctx = m->b->ctx;
    cp_cassette *box = NULL;
    cp_channel *channel = NULL;
    for (int32_t i = 0; i < point->n_mixes; i++)
        if (same_channels(m, &m->mix[point->first_mix + i])) return CP_OK;
    if (point->n_mixes == CP_MIXES_MAX)
        CP_FAIL(ctx, CP_E_INPUT,
                "slot_option %s: the machine may hold more than %d different mixes of "
                "denominations; leave some options out",
                point->code, CP_MIXES_MAX);
    CP_NEW(ctx, ctx->run, box, point->n_cassettes);
    CP_NEW(ctx, ctx->run, channel, point->n_channels);
    memcpy(box, m->box, (size_t)point->n_cassettes * sizeof *box);
    memcpy(channel, m->channel, (size_t)point->n_channels * sizeof *channel);
    m->mix[m->n++] = (cp_mix){box, channel};
    point->n_mixes++;
    return CP_OK;
}

static cp_status mix_point(mixer *m, cp_point *point)
{
    cp_ctx *ctx = m->b->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t n_tried = 0;
    m->point = point;
    m->today = m->b->net->channels + point->first_channel;
    CP_NEW(ctx, ctx->scratch, m->choice, point->n_cassettes);
    CP_NEW(ctx, ctx->scratch, m->box, point->n_cassettes);
    CP_NEW(ctx, ctx->scratch, m->channel, point->n_channels);
    point->first_mix = m->n;
    do {
        if (++n_tried > TRIED_MAX)
            CP_FAIL(ctx, CP_E_INPUT,
                    "slot_option %s: its options make more than %d combinations; leave some out",
                    point->code, TRIED_MAX);
        lay_out(m);
        if (n_tried == 1 || keeps_service(m)) CP_TRY(keep(m, point));
    } while (turn(m));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_build_mixes(cp_build *b)
{
    cp_rows *r = &b->net->rows;
    mixer m = {.b = b, .rows = r};
    int64_t n = 0;
    for (int32_t p = 0; p < r->n_point; p++)
        n += r->point[p].n_options > 0 ? CP_MIXES_MAX : 0;
    CP_NEW(b->ctx, b->ctx->run, m.mix, n);
    for (int32_t p = 0; p < r->n_point; p++)
        if (r->point[p].n_options > 0) CP_TRY(mix_point(&m, &r->point[p]));
    b->net->mixes = m.mix;
    return CP_OK;
}

/* ---- as text ------------------------------------------------------------------------------ */

const char *cp_mix_text(cp_ctx *ctx, cp_arena *arena, const cp_network *net, int32_t point,
                        int32_t mix)
{
    const cp_point *p = &net->points[point];
    const cp_cassette *box = cp_mix_cassettes(net, point, mix);
    const char *text = "";
    for (int32_t k = 0; k < p->n_cassettes && p->n_mixes > 0 && text != NULL; k++)
        if (box[k].role != CP_ROLE_REJECT)
            text = cp_strf(ctx, arena, "%s%s%s", text, text[0] != '\0' ? ";" : "",
                           net->denoms[box[k].denomination].code);
    return text;
}

cp_status cp_mix_read(cp_ctx *ctx, const cp_network *net, int32_t point, const char *text,
                      int32_t *mix)
{
    const cp_point *p = &net->points[point];
    *mix = p->mix;
    if (text[0] == '\0') return CP_OK;
    for (int32_t m = 0; m < p->n_mixes; m++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        const char *own = cp_mix_text(ctx, ctx->scratch, net, point, m);
        if (own == NULL) return CP_E_NOMEM;
        const bool same = strcmp(own, text) == 0;
        cp_arena_rewind(ctx->scratch, mark);
        if (!same) continue;
        *mix = m;
        return CP_OK;
    }
    CP_FAIL(ctx, CP_E_INPUT, "point %s: its slots may not hold %s", p->code, text);
}

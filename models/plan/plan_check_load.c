/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_load.c - do the loads fit into the cassettes, in whole steps? */
#include "models/net/slot_mix.h"
#include "models/plan/plan_check_part.h"

/* The cassettes of one channel that are still to be filled, largest step first. */
#define MOST_CASSETTES 16
typedef struct slots {
    int32_t n;
    int64_t least[MOST_CASSETTES], most[MOST_CASSETTES], step[MOST_CASSETTES];
} slots;

static int64_t up_to_step(int64_t notes, int64_t step)
{
    return (notes + step - 1) / step * step;
}

/* False when there are more cassettes of the channel than any machine has. */
static bool slots_of(const cp_network *net, const cp_channel *channel, int32_t mix, bool with_least,
                     slots *out)
{
    const cp_point *p = &net->points[channel->point];
    const cp_cassette *box = cp_mix_cassettes(net, channel->point, mix);
    out->n = 0;
    for (int32_t c = 0; c < p->n_cassettes; c++) {
        const cp_cassette *cassette = &box[c];
        if (cassette->role != channel->role || cassette->denomination != channel->denomination)
            continue;
        if (out->n == MOST_CASSETTES) return false;
        const int64_t step = cassette->step_notes > 0 ? cassette->step_notes : 1;
        int32_t at = out->n++;
        for (; at > 0 && out->step[at - 1] < step; at--) {
            out->least[at] = out->least[at - 1];
            out->most[at] = out->most[at - 1];
            out->step[at] = out->step[at - 1];
        }
        out->step[at] = step;
        out->least[at] = with_least ? up_to_step(cassette->min_load_notes, step) : 0;
        out->most[at] = cassette->capacity_notes / step * step;
    }
    return true;
}

/* Can `notes` be divided over cassettes i .. n - 1? Tries the fullest first; with equal steps the
 * first try decides, so this ends at once for nearly every machine. */
static bool divides(const slots *s, int32_t i, int64_t notes)
{
    int64_t least = 0;
    int64_t most = 0;
    bool equal = true;
    for (int32_t k = i; k < s->n; k++) {
        least += s->least[k];
        most += s->most[k];
        equal = equal && s->step[k] == s->step[i];
        if (s->least[k] > s->most[k]) return false;
    }
    if (notes < least || notes > most) return false;
    if (i == s->n) return notes == 0;
    if (equal) return notes % s->step[i] == 0;
    for (int64_t load = s->most[i]; load >= s->least[i]; load -= s->step[i])
        if (notes >= load && divides(s, i + 1, notes - load)) return true;
    return false;
}

static cp_status check_swap(cp_check *check, const cp_plan_visit *visit, const cp_channel *c,
                            int64_t notes)
{
    slots s;
    const char *denom = check->net->denoms[c->denomination].code;
    int64_t room = 0;
    if (!slots_of(check->net, c, visit->mix, false, &s))
        return cp_check_say(check, "capacity", cp_at_visit(visit), "more than %d cassettes of %s",
                            MOST_CASSETTES, denom);
    for (int32_t k = 0; k < s.n; k++)
        room += s.most[k];
    if (notes < 0 || notes > room || !divides(&s, 0, notes))
        return cp_check_say(
            check, "capacity", cp_at_visit(visit),
            "%lld notes of %s do not fit into its %d cassettes (%lld in whole steps)",
            (long long)notes, denom, (int)s.n, (long long)room);
    (void)slots_of(check->net, c, visit->mix, true, &s);
    if (divides(&s, 0, notes)) return CP_OK;
    return cp_check_say(check, "min_load", cp_at_visit(visit),
                        "%lld notes of %s leave a cassette below its least load (%d together)",
                        (long long)notes, denom, (int)c->min_load_notes);
}

static cp_status check_add(cp_check *check, const cp_plan_visit *visit, const cp_channel *c,
                           const cp_plan_load *load)
{
    const char *denom = check->net->denoms[c->denomination].code;
    const bool branch = check->net->points[visit->point].kind == CP_POINT_BRANCH;
    const int64_t notes = visit->fixed_amount ? load->load_notes : load->level_notes;
    if (notes > c->capacity_notes || -notes > c->capacity_notes)
        return cp_check_say(check, "capacity", cp_at_visit(visit),
                            "%lld notes of %s; it holds at most %lld", (long long)notes, denom,
                            (long long)c->capacity_notes);
    if (notes < 0 && !(branch && visit->fixed_amount))
        return cp_check_say(check, "capacity", cp_at_visit(visit),
                            "%lld notes of %s: only a branch can hand notes over by an add",
                            (long long)notes, denom);
    return CP_OK;
}

static cp_status check_load(cp_check *check, const cp_plan_visit *visit, const cp_plan_load *load)
{
    const int32_t k = load->channel - check->net->points[visit->point].first_channel;
    const cp_channel *c = &cp_mix_channels(check->net, visit->point, visit->mix)[k];
    const char *denom = check->net->denoms[c->denomination].code;
    const int64_t step = c->step_notes > 0 ? c->step_notes : 1;
    if (visit->kind == CP_VISIT_SWAP ? !load->swapped
                                     : visit->kind != CP_VISIT_PARTIAL_SWAP && load->swapped)
        CP_TRY(cp_check_say(check, "returns", cp_at_visit(visit),
                            "the cassettes of %s are said%s to be exchanged by a visit of kind %s",
                            denom, load->swapped ? "" : " not", cp_visit_kind_name(visit->kind)));
    if (visit->kind == CP_VISIT_PICKUP || c->role == CP_ROLE_DEPOSIT ||
        (visit->kind == CP_VISIT_PARTIAL_SWAP && !load->swapped)) {
        if (load->load_notes == 0) return CP_OK;
        return cp_check_say(check, "capacity", cp_at_visit(visit),
                            "%lld notes of %s are loaded where nothing is loaded",
                            (long long)load->load_notes, denom);
    }
    if (load->load_notes % step != 0)
        return cp_check_say(check, "step", cp_at_visit(visit),
                            "%lld notes of %s are not whole steps of %lld",
                            (long long)load->load_notes, denom, (long long)step);
    if (visit->kind == CP_VISIT_ADD) return check_add(check, visit, c, load);
    if (load->level_notes != load->load_notes)
        CP_TRY(cp_check_say(check, "returns", cp_at_visit(visit),
                            "the level of %s after a swap is its load, %lld, not %lld", denom,
                            (long long)load->load_notes, (long long)load->level_notes));
    return check_swap(check, visit, c, load->load_notes);
}

cp_status cp_check_loads(cp_check *check)
{
    const cp_plan *plan = check->plan;
    for (int32_t i = 0; i < plan->n_visits; i++)
        for (int32_t k = 0; k < plan->visits[i].n_loads; k++)
            CP_TRY(
                check_load(check, &plan->visits[i], &plan->loads[plan->visits[i].first_load + k]));
    return CP_OK;
}

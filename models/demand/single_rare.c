/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "models/demand/single_kinds.h"

#define GAIN 0.03      /* of the size, and a day of the chance */
#define WEEK_GAIN 0.05 /* of the chance of a weekday against the usual */
#define WEEK_PRIOR 6.0 /* weeks that "every weekday alike" is worth */

typedef struct rare_memory {
    double chance, size, n, n_size;
    double odds[7], n_slot[7]; /* chance of the weekday beside that of all days, added */
} rare_memory;

static void begin(void *memory, const cp_filter_input *in)
{
    rare_memory *m = memory;
    memset(m, 0, sizeof *m);
    m->chance = 1;
    m->size = cp_scale_from(in->scale, in->level0);
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    rare_memory *m = memory;
    const cp_series *s = in->series;
    const int32_t slot = in->slot[i];
    if (s->seen[i] != CP_SEEN_EXACTLY) return;
    const double any = s->x[i] > 0 ? 1 : 0;
    const double miss = any - m->chance - (slot < 7 ? m->odds[slot] : 0);
    m->chance += fmax(GAIN, 1 / (m->n + 2)) * (any - m->chance);
    m->n += 1;
    if (slot < 7) {
        m->odds[slot] += fmax(WEEK_GAIN, 1 / (m->n_slot[slot] + WEEK_PRIOR)) * miss;
        m->n_slot[slot] += 1;
    }
    if (any <= 0) return;
    const double size = cp_scale_from(in->scale, in->z[i]);
    m->size += fmax(GAIN, 1 / (m->n_size + 1)) * (size - m->size);
    m->n_size += 1;
}

static void tell(const void *memory, const cp_filter_input *in, int32_t i, cp_single_state *out)
{
    const rare_memory *m = memory;
    (void)i;
    out->level = 0;
    for (int32_t k = 0; k < 7; k++) {
        const double chance = fmax(0, fmin(1, m->chance + m->odds[k]));
        out->week[k] = cp_scale_to(in->scale, chance * m->size);
    }
    cp_single_centre(in, out);
}

cp_status cp_single_rare(const cp_filter_input *in, const int32_t *origin, int32_t n,
                         cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    rare_memory m;
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

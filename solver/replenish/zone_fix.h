/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_fix.h - what a node of a search tree has fixed of the visits of a zone. */
#ifndef CP_ZONE_FIX_H
#define CP_ZONE_FIX_H

#include "solver/replenish/site_price.h"

typedef struct cp_visit_fix {
    int8_t *visit;               /* zone point * n_days + t: 1 made, -1 not made, 0 open */
    uint64_t *barred;            /* the same: bit m = not by mode m */
    cp_minor *out_min, *out_max; /* the same: value a visit carries out */
    int32_t *least, *most;       /* [t]: visits of all points together */
    cp_note_range *notes;        /* [cp_note_cell]: notes a visit of the first days carries out */
    bool any_notes;              /* some of them is bounded */
} cp_visit_fix;

typedef enum cp_change_kind {
    CP_CHANGE_DAY,   /* visits of day t: at most n, or at least n + 1 */
    CP_CHANGE_VISIT, /* the visit is not made, or is made */
    CP_CHANGE_MODE,  /* not by mode n, or made and by no other */
    CP_CHANGE_OUT,   /* carries out at most n, or more */
    CP_CHANGE_NOTES  /* on one of the first days: at most n notes in a channel, or more */
} cp_change_kind;

/* One more thing fixed. */
typedef struct cp_visit_change {
    cp_change_kind kind;
    int32_t point, t; /* point: not of a day */
    int64_t n;
    bool up;         /* the second of its kind's two sides */
    int32_t channel; /* of notes: of the point's */
} cp_visit_change;

/* Where the notes of a channel of a zone point on an early day stand in cp_visit_fix.notes. */
static inline size_t cp_note_cell(const cp_zone *zone, int32_t point, int32_t t, int32_t channel)
{
    return ((size_t)point * (size_t)zone->n_stock_days + (size_t)t) * CP_MAX_CHANNELS +
           (size_t)channel;
}

cp_status cp_visit_fix_new(cp_ctx *ctx, const cp_zone *zone, cp_visit_fix *fix);
void cp_visit_fix_clear(cp_visit_fix *fix, const cp_zone *zone);
/* Fixings that are stricter already stay. */
void cp_visit_change_apply(cp_visit_fix *fix, const cp_zone *zone, const cp_visit_change *change);
/* Does a plan say what is fixed? */
bool cp_visit_fix_fits(const cp_zone *zone, const cp_site_plan *plan, const cp_visit_fix *fix);

#endif

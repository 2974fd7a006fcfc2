/* SPDX-License-Identifier: GPL-3.0-or-later */
/* issues.h - what the files of network_check share; nobody else includes this. */
#ifndef CP_ISSUES_H
#define CP_ISSUES_H

#include "models/net/fields.h"
#include "models/net/network_check.h"

typedef struct cp_checker {
    cp_ctx *ctx;
    const cp_network *net;
    cp_issues *found;
    int32_t room;
} cp_checker;

/* Notes an issue; the first status other than CP_OK is CP_E_NOMEM. */
cp_status cp_issue_add(cp_checker *k, cp_severity severity, cp_entity_id entity, const char *code,
                       const char *field, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* True when a point is planned here (and not filled by its branch alone). */
static inline bool cp_planned(const cp_point *p)
{
    return p->serviced_by != CP_BY_BRANCH;
}

cp_status cp_check_points(cp_checker *k); /* machines, branches, their slots and pins */
cp_status cp_check_fleet(cp_checker *k);  /* vaults, cars, sites, travel */

#endif

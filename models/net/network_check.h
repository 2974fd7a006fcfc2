/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network_check.h - pre-event control: refuse impossible input and name the row. */
#ifndef CP_NETWORK_CHECK_H
#define CP_NETWORK_CHECK_H

#include "models/net/network.h"

typedef enum cp_severity {
    CP_ISSUE_ERROR,   /* a row is wrong: mend the data */
    CP_ISSUE_NO_PLAN, /* the rows make sense, and no plan can keep their hard limits */
    CP_ISSUE_WARNING
} cp_severity;

typedef struct cp_issue {
    cp_severity severity;
    const char *entity, *code, *field; /* what it is about; field "" = the whole row */
    const char *text; /* in a planner's words, with the value and what is allowed */
} cp_issue;

typedef struct cp_issues {
    cp_issue *list; /* by severity, then in order of entity, row and field */
    int32_t n;      /* in list: at most CP_ISSUES_MAX */
    int64_t n_errors, n_no_plan, n_warnings; /* all that were found */
} cp_issues;

/* Issues kept in full; the rest is counted. */
#define CP_ISSUES_MAX 10000

/* Looks at a built network: every number in its range; places that can be on earth and are not
 * (0, 0); calendars that end before the last day the plan needs (first_day + horizon + longest
 * interval - 1: the calendar and its last covered day are named, nothing is assumed of later days);
 * machines without cassettes; vaults with sites and no car; windows and shifts that never meet;
 * stops without a way from or to their vault; least loads above the insured amount; GS1 check
 * digits. An error must stop a plan, and so must what no plan can keep: a zone without a car, a
 * site whose window no shift meets, a least load above what any car or the machine itself is
 * insured for; there no relief helps. A warning is to be shown. The lists live in ctx->run. */
cp_status cp_network_check(cp_ctx *ctx, const cp_network *net, cp_issues **out);

#endif

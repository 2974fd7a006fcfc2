/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain_conflicts.h - cashplan explain --conflicts: what a stored plan could not keep. */
#ifndef CP_EXPLAIN_CONFLICTS_H
#define CP_EXPLAIN_CONFLICTS_H

#include "cli/cmd.h"

typedef struct cp_conflict_words {
    int64_t plan_id;   /* 0 = the latest */
    const char *vault; /* code; NULL = all */
    cp_day day;        /* CP_DAY_NONE = all */
    int32_t rows;      /* users and ways shown of each limit */
} cp_conflict_words;

cp_status cp_cli_explain_conflicts(cp_cli *cli, const cp_conflict_words *words);

#endif

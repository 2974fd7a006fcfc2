/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/issues.h"

#define SHOWN 100

void cp_cli_issues_note(cp_cli *cli, const cp_issues *issues, bool warnings)
{
    const bool all = warnings && !cli->quiet;
    const int64_t found = issues->n_errors + issues->n_no_plan + (all ? issues->n_warnings : 0);
    for (int32_t i = 0; i < issues->n && i < SHOWN; i++) {
        const cp_issue *issue = &issues->list[i];
        if (issue->severity == CP_ISSUE_WARNING && !all) continue;
        cp_cli_note(cli, "%s%s", issue->severity == CP_ISSUE_WARNING ? "warning: " : "",
                    issue->text);
    }
    if (found > SHOWN) cp_cli_note(cli, "... %lld issues in all", (long long)found);
}

int cp_cli_issues_code(const cp_issues *issues)
{
    if (issues->n_errors > 0) return CP_EXIT_FAILED;
    return issues->n_no_plan > 0 ? CP_EXIT_NO_PLAN : CP_EXIT_DONE;
}

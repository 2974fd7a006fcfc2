/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quote.h - texts of the bank between quotes, for what commands print. */
#ifndef CP_QUOTE_H
#define CP_QUOTE_H

#include <stdio.h>

/* As a JSON string: quotes, backslashes and control characters escaped. */
void cp_cli_quote_json(FILE *out, const char *text);
/* As a CSV cell: quotes doubled. */
void cp_cli_quote_csv(FILE *out, const char *text);

#endif

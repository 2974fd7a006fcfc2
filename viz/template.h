/* SPDX-License-Identifier: GPL-3.0-or-later */
/* template.h - the pages built by viz/page as they were when the program was built, and writing one
 * of them with data in its block. */
#ifndef CP_TEMPLATE_H
#define CP_TEMPLATE_H

#include "models/base/outfile.h"

/* dist/page.html (plans and backtests) and dist/study.html (siting studies); size 0 without. */
extern const unsigned char cp_page_template[];
extern const unsigned long cp_page_template_size;
extern const unsigned char cp_study_template[];
extern const unsigned long cp_study_template_size;

typedef struct cp_template {
    const unsigned char *bytes;
    size_t size;
} cp_template;

/* Writes the data, with every '<' escaped, of what `from` points to. */
typedef cp_status cp_template_fill(cp_ctx *ctx, const void *from, cp_outfile *out);

/* Write the page with the data inside to `path`; on failure nothing is left there. CP_E_INPUT
 * saying how to build it when the program was built without it. */
cp_status cp_template_write(cp_ctx *ctx, cp_template page, cp_template_fill *fill, const void *from,
                            const char *path);

#endif

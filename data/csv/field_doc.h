/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field_doc.h - the tables and fields of an import as Markdown, from the tables of fields.h. */
#ifndef CP_FIELD_DOC_H
#define CP_FIELD_DOC_H

#include "models/base/ctx.h"

/* Every table with its fields, then the settings: name, type and range, empty cell, meaning with
 * the unit. In ctx->run; NULL = no memory. data/README.md holds this text between two marks. */
const char *cp_field_doc(cp_ctx *ctx);

#endif

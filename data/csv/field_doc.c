/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/field_doc.h"

#include <string.h>

#include "data/store/table.h"
#include "models/net/settings.h"

static const char *type_name(const cp_field *field)
{
    switch (field->type) {
    case CP_FIELD_TEXT:
        return "text";
    case CP_FIELD_CODE:
        return "code";
    case CP_FIELD_INT:
    case CP_FIELD_INT64:
        return "whole number";
    case CP_FIELD_MINOR:
        return "minor units";
    case CP_FIELD_DAY:
        return "day";
    case CP_FIELD_MINUTE:
        return "HH:MM";
    case CP_FIELD_BOOL:
        return "0 or 1";
    case CP_FIELD_DAYS:
        return "weekdays";
    case CP_FIELD_DEG:
        return "degrees";
    case CP_FIELD_ENUM:
        return "word";
    default:
        return "number";
    }
}

static bool has_range(const cp_field *field)
{
    return field->lo < field->hi && (field->type == CP_FIELD_INT || field->type == CP_FIELD_INT64 ||
                                     field->type == CP_FIELD_MINOR || field->type == CP_FIELD_DEG ||
                                     field->type == CP_FIELD_REAL);
}

/* Type with what is allowed: "whole number 0 to 5", "one of off, work". */
static const char *type_text(cp_ctx *ctx, const cp_field *field)
{
    if (field->type == CP_FIELD_CODE && field->ref >= 0)
        return cp_strf(ctx, ctx->run, "code of %s", cp_entities[field->ref].name);
    if (has_range(field))
        return cp_strf(ctx, ctx->run, "%s %.15g to %.15g", type_name(field), field->lo, field->hi);
    if (field->names == NULL) return type_name(field);
    const char *out = "one of";
    int32_t n = 0;
    for (; field->names[n] != NULL && out != NULL; n++)
        out = cp_strf(ctx, ctx->run, "%s%s `%s`", out, n > 0 ? "," : "", field->names[n]);
    return out == NULL || strcmp(field->name, "faults") != 0 ? out : "words joined by +";
}

static const char *add_field(cp_ctx *ctx, const char *text, const cp_field *field, bool key)
{
    const char *type = type_text(ctx, field);
    if (text == NULL || type == NULL) return NULL;
    const char *mark = key ? "**" : "";
    const char *empty = "refused";
    if (!field->required) empty = "nothing";
    if (field->dflt != NULL && field->dflt[0] != '\0')
        empty = cp_strf(ctx, ctx->run, "`%s`", field->dflt);
    if (empty == NULL) return NULL;
    return cp_strf(ctx, ctx->run, "%s| %s%s%s | %s | %s | %s |\n", text, mark, field->name, mark,
                   type, empty, field->help);
}

static const char *fields_text(cp_ctx *ctx, const cp_field *fields, int32_t n, int32_t n_key)
{
    const char *text = "| field | type | empty cell | meaning |\n|---|---|---|---|\n";
    for (int32_t f = 0; f < n; f++)
        text = add_field(ctx, text, &fields[f], f < n_key);
    return text;
}

const char *cp_field_doc(cp_ctx *ctx)
{
    const char *out = "";
    for (int32_t t = 0; t < CP_N_TABLES && out != NULL; t++) {
        const cp_entity *table = cp_table(t);
        const char *fields = fields_text(ctx, table->fields, table->n_fields, table->n_key);
        if (fields == NULL) return NULL;
        out = cp_strf(ctx, ctx->run, "%s### %s.csv\n\n%s.\n\n%s\n", out, table->name, table->help,
                      fields);
    }
    const char *keys = fields_text(ctx, cp_setting_keys, cp_n_setting_keys(), 0);
    if (out == NULL || keys == NULL) return NULL;
    return cp_strf(ctx, ctx->run, "%s### Keys of setting.csv\n\n%s", out, keys);
}

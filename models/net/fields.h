/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fields.h - every field of every entity: name, type, range, default. One table drives the CSV
 * import and export, the store and the data documentation. */
#ifndef CP_FIELDS_H
#define CP_FIELDS_H

#include "models/net/network.h"

typedef enum cp_field_type {
    CP_FIELD_TEXT,   /* const char *: UTF-8, no control characters, at most 400 bytes */
    CP_FIELD_CODE,   /* const char *: 1..64 bytes, no spaces at the ends */
    CP_FIELD_INT,    /* int32_t */
    CP_FIELD_INT64,  /* int64_t counts */
    CP_FIELD_MINOR,  /* cp_minor; CSV may give units with decimals when the column says so */
    CP_FIELD_DAY,    /* cp_day, ISO date; empty = CP_DAY_NONE where the default is empty */
    CP_FIELD_MINUTE, /* int32_t minutes, HH:MM; empty = -1 where lo is -1 */
    CP_FIELD_BOOL,   /* bool, 0/1/true/false/yes/no; written 0/1 */
    CP_FIELD_ENUM,   /* int enum by name; the first name has the value lo, the last hi */
    CP_FIELD_DAYS,   /* int32_t weekday mask, seven characters "1111100" Monday first */
    CP_FIELD_DEG,    /* double degrees */
    CP_FIELD_REAL    /* double */
} cp_field_type;

typedef struct cp_field {
    const char *name; /* column name in CSV and store */
    cp_field_type type;
    size_t offset;
    bool required;            /* must be in the file or have a default from the mapping */
    double lo, hi;            /* allowed range of numbers, both included */
    const char *dflt;         /* text form of the value when absent; NULL when required */
    const char *const *names; /* ENUM: names in value order, NULL-terminated */
    int32_t ref;              /* cp_entity_id a code refers to, -1 = none; "" refers to nothing */
    const char *help;         /* one line with the unit, for the documentation */
} cp_field;

typedef struct cp_entity {
    const char *name; /* table and file name, singular */
    size_t row_size;
    int32_t n_fields, n_key; /* the first n_key fields are the key (0: rows have no key) */
    const cp_field *fields;
    size_t rows_offset, count_offset; /* of the array and its count in cp_rows */
    const char *help;
} cp_entity;

extern const cp_entity cp_entities[CP_N_ENTITIES];

/* True when the empty text is a value of the field ("not given"). */
bool cp_field_may_be_empty(const cp_field *field);

/* The entity of a name; NULL if there is none. */
const cp_entity *cp_entity_by_name(const char *name);
/* Array and count of an entity inside rows. */
void **cp_rows_array(cp_rows *rows, const cp_entity *entity);
int32_t *cp_rows_count(cp_rows *rows, const cp_entity *entity);

/* Text -> field of a row (texts are copied to `arena`). On refusal *why says what is allowed, for
 * "must be ..." (text in `arena` or constant); nothing is written then and the error of ctx is left
 * alone, so that a reader can collect many refusals: CP_E_INPUT. Spaces around values are refused:
 * the reader trims. */
cp_status cp_field_parse(cp_ctx *ctx, cp_arena *arena, const cp_field *field, const char *text,
                         void *row, const char **why);
/* Field of a row -> canonical text (always re-readable by cp_field_parse). */
char *cp_field_text(cp_ctx *ctx, cp_arena *arena, const cp_field *field, const void *row);

/* A row with every field that has a default at it; the others are zero or an empty text. */
cp_status cp_row_defaults(cp_ctx *ctx, cp_arena *arena, const cp_entity *entity, void *row);
/* Order of two rows of an entity by their key fields (by all fields where it has no key). */
int cp_row_compare(const cp_entity *entity, const void *a, const void *b);

#endif

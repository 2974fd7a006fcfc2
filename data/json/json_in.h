/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_in.h - read a JSON document by tables of its fields; every fault is noted with its path, its
 * value and what is allowed, so that one look at a file is enough to mend it. */
#ifndef CP_JSON_IN_H
#define CP_JSON_IN_H

#include "models/base/ctx.h"

struct cJSON;

#define CP_JSON_INT_MAX ((int64_t)1 << 53) /* above this a number of a document loses digits */

typedef struct cp_json_fault {
    const char *path;  /* "jobs[3].time_windows[0]"; "" = the document */
    const char *value; /* as shown; "" where it is missing */
    const char *rule;  /* "must be ..." */
} cp_json_fault;

typedef struct cp_json_in {
    cp_ctx *ctx; /* faults and all that is read live in ctx->run */
    int32_t n_faults, cap_faults;
    cp_json_fault *faults;
} cp_json_in;

typedef struct cp_json_spot {
    bool given;
    double lon, lat;
} cp_json_spot;

typedef struct cp_json_ints {
    bool given;
    int32_t n;
    const int64_t *v;
} cp_json_ints;

typedef struct cp_json_texts {
    bool given;
    int32_t n;
    const char *const *v;
} cp_json_texts;

typedef struct cp_json_span {
    int64_t from, to; /* from <= to */
} cp_json_span;

typedef struct cp_json_spans {
    int32_t n; /* 0 = not given */
    const cp_json_span *v;
} cp_json_spans;

typedef struct cp_json_rows {
    int32_t n;
    void *v; /* structs of the table's size, in the order of the document */
} cp_json_rows;

typedef struct cp_json_square {
    int32_t n; /* rows and columns; 0 = not given */
    const int32_t *v;
} cp_json_square;

typedef enum cp_json_kind {
    CP_IN_INT,     /* int64_t, lo to hi */
    CP_IN_REAL,    /* double, lo to hi */
    CP_IN_TEXT,    /* const char * */
    CP_IN_BOOL,    /* bool */
    CP_IN_CHOICE,  /* int32_t: which of the texts in `words`, "a|b|c", from 0 */
    CP_IN_TEXTS,   /* cp_json_texts: a list of texts */
    CP_IN_SPOT,    /* cp_json_spot: [lon, lat] */
    CP_IN_INTS,    /* cp_json_ints, each lo to hi */
    CP_IN_SPAN,    /* cp_json_spans of one: [from, to], both lo to hi */
    CP_IN_SPANS,   /* cp_json_spans: list of them, ascending and apart; an empty list = not given */
    CP_IN_OBJECT,  /* the struct of `table` in place */
    CP_IN_OBJECTS, /* cp_json_rows of `table`: a list of objects */
    CP_IN_MAP,     /* cp_json_rows of `table`: an object of objects; the key is the struct's first
                      member, a const char * */
    CP_IN_SQUARE,  /* cp_json_square: rows of whole numbers lo to hi, null = -1 */
    CP_IN_WORD,    /* exactly the text `words`; nothing is kept */
    CP_IN_NONE,    /* may be there when its list is empty or its value false; else `words` */
    CP_IN_REFUSED  /* known, and cannot be kept: `words` */
} cp_json_kind;

typedef struct cp_json_table cp_json_table;

typedef struct cp_json_field {
    const char *key; /* NULL ends the table */
    cp_json_kind kind;
    size_t offset; /* in the struct */
    double lo, hi; /* both 0: 0 to CP_JSON_INT_MAX */
    bool required;
    const cp_json_table *table;
    const char *words; /* NONE, REFUSED: what is allowed; CHOICE: the texts */
} cp_json_field;

struct cp_json_table {
    size_t size;            /* of the struct */
    const void *defaults;   /* one struct, NULL = zero */
    const cp_json_field *f; /* keys that begin with '_' are comments */
};

/* Note a fault. value is a JSON value or NULL. CP_E_NOMEM only. */
cp_status cp_json_fault_add(cp_json_in *in, const char *path, const struct cJSON *value,
                            const char *rule);

/* Read an object into `out` (defaults first). Faults are noted and leave the default. CP_E_NOMEM
 * only. */
cp_status cp_json_read(cp_json_in *in, const char *path, const struct cJSON *json,
                       const cp_json_table *table, void *out);

/* Parse a whole document and read it. Broken JSON is a fault too. */
cp_status cp_json_read_text(cp_json_in *in, const char *text, size_t n, const cp_json_table *table,
                            void *out);

/* All bytes of a file ("-" = the standard input), with a zero behind; in ctx->run. CP_E_IO. */
cp_status cp_json_slurp(cp_ctx *ctx, const char *path, char **text, size_t *n);

#endif

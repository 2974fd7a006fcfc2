/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/settings.h"
#include "tests/check.h"

static void sample_number(const cp_field *f, double v, char *out, size_t cap)
{
    char text[16];
    switch (f->type) {
    case CP_FIELD_DAY:
        snprintf(out, cap, "%s", cp_day_text((cp_day)v, text));
        break;
    case CP_FIELD_MINUTE:
        snprintf(out, cap, "%s", v < 0 ? "" : cp_minute_text((int32_t)v, text));
        break;
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        snprintf(out, cap, "%.17g", v);
        break;
    default:
        snprintf(out, cap, "%lld", (long long)v);
        break;
    }
}

/* Text -> row -> text -> row -> text: the second and third texts are equal. */
static void check_round_trip(cp_ctx *ctx, const cp_entity *e, const cp_field *f, const char *text)
{
    char row[1024], again[1024];
    memset(row, 0, sizeof row);
    memset(again, 0, sizeof again);
    const char *why = NULL;
    if (cp_field_parse(ctx, ctx->run, f, text, row, &why) != CP_OK)
        fail_msg("%s.%s refuses '%s': must be %s", e->name, f->name, text, why);
    const char *one = cp_field_text(ctx, ctx->run, f, row);
    assert_non_null(one);
    if (cp_field_parse(ctx, ctx->run, f, one, again, &why) != CP_OK)
        fail_msg("%s.%s refuses its own text '%s'", e->name, f->name, one);
    assert_string_equal(cp_field_text(ctx, ctx->run, f, again), one);
    if (f->type != CP_FIELD_TEXT && f->type != CP_FIELD_CODE)
        assert_memory_equal(row, again, sizeof row);
}

static void check_refused(cp_ctx *ctx, const cp_entity *e, const cp_field *f, const char *text)
{
    char row[1024], before[1024];
    memset(row, 0x5A, sizeof row);
    memcpy(before, row, sizeof row);
    const char *why = NULL;
    if (cp_field_parse(ctx, ctx->run, f, text, row, &why) != CP_E_INPUT)
        fail_msg("%s.%s accepts '%s'", e->name, f->name, text);
    assert_non_null(why);
    assert_true(why[0] != '\0');
    assert_memory_equal(row, before, sizeof row);
    assert_int_equal(ctx->error.status, CP_OK);
}

static void check_numeric(cp_ctx *ctx, const cp_entity *e, const cp_field *f)
{
    char text[64];
    cp_rng rng = cp_rng_new(7, cp_hash_text(0, f->name));
    sample_number(f, f->lo, text, sizeof text);
    check_round_trip(ctx, e, f, text);
    sample_number(f, f->hi, text, sizeof text);
    check_round_trip(ctx, e, f, text);
    for (int k = 0; k < 50; k++) {
        sample_number(f, f->lo + (f->hi - f->lo) * cp_rng_unit(&rng), text, sizeof text);
        check_round_trip(ctx, e, f, text);
    }
    if (f->type == CP_FIELD_INT || f->type == CP_FIELD_INT64 || f->type == CP_FIELD_MINOR) {
        sample_number(f, f->hi + 1, text, sizeof text);
        check_refused(ctx, e, f, text);
        sample_number(f, f->lo - 1, text, sizeof text);
        check_refused(ctx, e, f, text);
        check_refused(ctx, e, f, "1.5");
        check_refused(ctx, e, f, " 1");
        check_refused(ctx, e, f, "99999999999999999999");
    }
    check_refused(ctx, e, f, "x");
    check_refused(ctx, e, f, "nan");
    if (!cp_field_may_be_empty(f)) check_refused(ctx, e, f, "");
}

static void check_field(cp_ctx *ctx, const cp_entity *e, const cp_field *f)
{
    assert_true(f->offset < e->row_size);
    assert_true(f->help != NULL && f->help[0] != '\0');
    assert_true(f->required == (f->dflt == NULL));
    if (f->dflt != NULL) check_round_trip(ctx, e, f, f->dflt);
    switch (f->type) {
    case CP_FIELD_TEXT:
        check_round_trip(ctx, e, f, "现金中心, \"A\"");
        check_refused(ctx, e, f, "two\nlines");
        check_refused(ctx, e, f, "\xC0\xAF");
        check_refused(ctx, e, f, "\xED\xA0\x80");
        break;
    case CP_FIELD_CODE:
        check_round_trip(ctx, e, f, "A-0017");
        check_refused(ctx, e, f, " A");
        check_refused(ctx, e, f, "A ");
        if (f->required) check_refused(ctx, e, f, "");
        break;
    case CP_FIELD_BOOL:
        check_round_trip(ctx, e, f, "yes");
        check_round_trip(ctx, e, f, "0");
        check_refused(ctx, e, f, "2");
        break;
    case CP_FIELD_DAYS:
        check_round_trip(ctx, e, f, "1010101");
        check_refused(ctx, e, f, "111110");
        check_refused(ctx, e, f, "1111102");
        break;
    case CP_FIELD_ENUM:
        for (int32_t k = 0; f->names[k] != NULL; k++)
            check_round_trip(ctx, e, f, f->names[k]);
        check_refused(ctx, e, f, "no such name");
        break;
    default:
        check_numeric(ctx, e, f);
        break;
    }
}

static void every_field_reads_back_what_it_writes(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        assert_true(cp_entities[e].row_size <= 1024);
        assert_ptr_equal(cp_entity_by_name(cp_entities[e].name), &cp_entities[e]);
        for (int32_t f = 0; f < cp_entities[e].n_fields; f++)
            check_field(&ctx, &cp_entities[e], &cp_entities[e].fields[f]);
    }
    assert_null(cp_entity_by_name("no_such_entity"));
    cp_ctx_done(&ctx);
}

static void fields_of_an_entity_do_not_overlap(void **state)
{
    (void)state;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++)
        for (int32_t i = 0; i < cp_entities[e].n_fields; i++)
            for (int32_t j = 0; j < i; j++) {
                assert_true(cp_entities[e].fields[i].offset != cp_entities[e].fields[j].offset);
                assert_string_not_equal(cp_entities[e].fields[i].name,
                                        cp_entities[e].fields[j].name);
            }
}

static void references_point_at_entities_before(void **state)
{
    (void)state;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++)
        for (int32_t f = 0; f < cp_entities[e].n_fields; f++)
            assert_true(cp_entities[e].fields[f].ref <= e);
}

static void enum_names_stand_for_their_values(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const cp_tariff tariff = {.item = CP_TARIFF_STOP_SITE_MINOR};
    const cp_pin pin = {.kind = -1}, pickup = {.kind = CP_VISIT_PICKUP};
    const cp_point point = {.visit_kinds = CP_MAY_SWAP | CP_MAY_ADD};
    const cp_cassette reject = {.role = CP_ROLE_REJECT};
    const struct {
        cp_entity_id entity;
        const char *field, *want;
        const void *row;
    } cases[] = {
        {CP_ENTITY_TARIFF, "item", "stop_site_minor", &tariff},
        {CP_ENTITY_PIN, "kind", "any", &pin},
        {CP_ENTITY_PIN, "kind", "pickup", &pickup},
        {CP_ENTITY_POINT, "visit_kinds", "swap_add", &point},
        {CP_ENTITY_CASSETTE, "role", "reject", &reject},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        const cp_entity *e = &cp_entities[cases[i].entity];
        for (int32_t f = 0; f < e->n_fields; f++)
            if (strcmp(e->fields[f].name, cases[i].field) == 0)
                assert_string_equal(cp_field_text(&ctx, ctx.run, &e->fields[f], cases[i].row),
                                    cases[i].want);
    }
    cp_ctx_done(&ctx);
}

static void settings_have_the_defaults_they_print(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const cp_settings s = cp_settings_defaults();
    for (int32_t k = 0; k < cp_n_setting_keys(); k++) {
        cp_settings parsed = cp_settings_defaults();
        const char *why = NULL;
        assert_int_equal(cp_field_parse(&ctx, ctx.run, &cp_setting_keys[k], cp_setting_keys[k].dflt,
                                        &parsed, &why),
                         CP_OK);
        assert_string_equal(cp_field_text(&ctx, ctx.run, &cp_setting_keys[k], &parsed),
                            cp_field_text(&ctx, ctx.run, &cp_setting_keys[k], &s));
    }
    cp_ctx_done(&ctx);
}

static void settings_are_read_or_refused_by_name(void **state)
{
    (void)state;
    const struct {
        const char *name;
        cp_setting_row rows[2];
        int32_t n;
        const char *words; /* NULL: accepted */
    } cases[] = {
        {"two keys", {{"n_paths", "500"}, {"circle_factor", "1.25"}}, 2, NULL},
        {"unknown key", {{"n_pathes", "500"}}, 1, "setting n_pathes: no such key"},
        {"twice", {{"n_paths", "5"}, {"n_paths", "6"}}, 2, "setting n_paths: given twice"},
        {"too small", {{"n_paths", "0"}}, 1, "a whole number from 1 to 10000"},
        {"no number", {{"circle_factor", "1,25"}}, 1, "circle_factor: value '1,25'"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_settings s;
        const cp_status st = cp_settings_from_rows(&ctx, cases[i].rows, cases[i].n, &s);
        if (cases[i].words == NULL) {
            assert_int_equal(st, CP_OK);
            assert_int_equal(s.n_paths, 500);
            assert_true(s.circle_factor > 1.24 && s.circle_factor < 1.26);
        } else {
            assert_int_equal(st, CP_E_INPUT);
            if (strstr(ctx.error.text, cases[i].words) == NULL)
                fail_msg("%s: %s", cases[i].name, ctx.error.text);
        }
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_reads_back_what_it_writes),
        cmocka_unit_test(fields_of_an_entity_do_not_overlap),
        cmocka_unit_test(references_point_at_entities_before),
        cmocka_unit_test(enum_names_stand_for_their_values),
        cmocka_unit_test(settings_have_the_defaults_they_print),
        cmocka_unit_test(settings_are_read_or_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

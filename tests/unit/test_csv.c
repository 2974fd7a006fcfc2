/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/csv.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

/* Reads bytes as CSV and writes the records as text: fields between [ ], records by line number, a
 * problem after '!'. */
static void read_all(const char *bytes, size_t n, const cp_csv_options *options, char *out,
                     size_t cap)
{
    cp_ctx ctx;
    cp_csv *csv = NULL;
    cp_csv_record record;
    bool more = true;
    out[0] = '\0';
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    char *copy = malloc(n + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    FILE *stream = fmemopen(copy, n, "rb");
    assert_non_null(stream);
    assert_ok(&ctx, cp_csv_open_stream(&ctx, stream, "x.csv", options, &csv));
    for (;;) {
        assert_ok(&ctx, cp_csv_next(&ctx, csv, &record, &more));
        if (!more) break;
        size_t used = strlen(out);
        used += (size_t)snprintf(out + used, cap - used, "%lld", (long long)record.line);
        for (int32_t f = 0; f < record.n_fields; f++)
            used += (size_t)snprintf(out + used, cap - used, "[%s]", record.fields[f]);
        if (record.problem != NULL)
            used += (size_t)snprintf(out + used, cap - used, "!%s", record.problem);
        (void)snprintf(out + used, cap - used, " ");
    }
    cp_csv_close(csv);
    free(copy);
    cp_ctx_done(&ctx);
}

static void records_of_all_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        char separator;
        const char *encoding, *want;
    } cases[] = {
        {"plain", "a,b\n1,2\n", 0, NULL, "1[a][b] 2[1][2] "},
        {"no end of the last line", "a,b\n1,2", 0, NULL, "1[a][b] 2[1][2] "},
        {"CRLF, CR, empty lines", "a;b\r\n\r\n1;2\r3;4", 0, NULL, "1[a][b] 3[1][2] 4[3][4] "},
        {"byte order mark",
         "\xEF\xBB\xBF"
         "a,b\n",
         0, NULL, "1[a][b] "},
        {"tab is found", "a\tb,c\td\n", 0, NULL, "1[a][b,c][d] "},
        {"bar is found", "a|b|c,d\n", 0, NULL, "1[a][b][c,d] "},
        {"a separator in quotes is not counted", "\"a,b,c\";d;e\n", 0, NULL, "1[a,b,c][d][e] "},
        {"the separator is given", "a;b,c\n", ',', NULL, "1[a;b][c] "},
        {"quotes", "\"a \"\"x\"\"\",\"\"\n\"1\n2\",3\n4,5\n", 0, NULL,
         "1[a \"x\"][] 2[1\n2][3] 4[4][5] "},
        {"a quote inside a field is a character", "a,5\"x\n", ',', NULL, "1[a][5\"x] "},
        {"empty fields", "a,,\n,,\n", 0, NULL, "1[a][][] 2[][][] "},
        {"one column", "a\n1\n", 0, NULL, "1[a] 2[1] "},
        {"text after a quote", "a,\"b\"c\n1,2\n", ',', NULL,
         "1!text after a closing quote 2[1][2] "},
        {"a quote stays open", "a,b\n\"1,2\n3,4\n", 0, NULL,
         "1[a][b] 2!a quote that is never closed "},
        {"bad UTF-8 spoils one line", "a,b\n\xC3,2\n3,4\n", 0, NULL,
         "1[a][b] 2!bytes that are not valid UTF-8 3[3][4] "},
        {"overlong and surrogate", "\xC0\x80\n\xED\xA0\x80\nx\n", ',', NULL,
         "1!bytes that are not valid UTF-8 2!bytes that are not valid UTF-8 3[x] "},
        {"UTF-16",
         "\xFF\xFE"
         "a",
         ',', NULL, "1!the file is UTF-16; save it as UTF-8 "},
        {"Latin-1",
         "stra\xDF"
         "e,2\n",
         0, "latin1", "1[straße][2] "},
        {"GB 18030", "\xD2\xF8\xD0\xD0,2\n", 0, "gb18030", "1[银行][2] "},
        {"bytes that are none in the encoding", "\xFF\xFF,2\n3,4\n", ',', "gb18030",
         "1!bytes that are not valid in the encoding 2[3][4] "},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        char got[512];
        const cp_csv_options options = {cases[i].separator, cases[i].encoding};
        read_all(cases[i].text, strlen(cases[i].text), &options, got, sizeof(got));
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].name, got, cases[i].want);
    }
}

static void a_nul_byte_spoils_one_line(void **state)
{
    (void)state;
    static const char bytes[] = "a,b\n1\0,2\n3,4\n";
    const cp_csv_options options = {0, NULL};
    char got[256];
    read_all(bytes, sizeof(bytes) - 1, &options, got, sizeof(got));
    assert_string_equal(got, "1[a][b] 2!a NUL byte 3[3][4] ");
}

/* The rest of a line that is too long is read over, not kept. */
static void a_line_above_one_mebibyte(void **state)
{
    (void)state;
    const size_t n = 3 * (size_t)CP_CSV_RECORD_MAX;
    char *bytes = malloc(n + 16);
    assert_non_null(bytes);
    memcpy(bytes, "a,b\n", 4);
    memset(bytes + 4, 'x', n);
    memcpy(bytes + 4 + n, "\n3,4\n", 5);
    const cp_csv_options options = {0, NULL};
    char got[256];
    read_all(bytes, n + 9, &options, got, sizeof(got));
    assert_string_equal(got, "1[a][b] 2!longer than 1 MiB (is a quote never closed?) 3[3][4] ");
    /* The longest allowed line is read. */
    memset(bytes + 4, 'x', CP_CSV_RECORD_MAX);
    bytes[4 + CP_CSV_RECORD_MAX] = '\n';
    char *big = malloc(n);
    assert_non_null(big);
    read_all(bytes, 5 + CP_CSV_RECORD_MAX, &options, big, n);
    assert_int_equal(strlen(big), strlen("1[a][b] 2[] ") + CP_CSV_RECORD_MAX);
    free(big);
    free(bytes);
}

static void unknown_encoding_is_refused(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_csv *csv = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const cp_csv_options options = {0, "klingon-1"};
    assert_fails(&ctx, CP_E_INPUT, cp_csv_open(&ctx, "CMakeLists.txt", &options, &csv));
    assert_fails(&ctx, CP_E_IO, cp_csv_open(&ctx, "no/such/file", &options, &csv));
    assert_fails(&ctx, CP_E_IO, cp_csv_open(&ctx, "data", &options, &csv));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_all_shapes),
        cmocka_unit_test(a_nul_byte_spoils_one_line),
        cmocka_unit_test(a_line_above_one_mebibyte),
        cmocka_unit_test(unknown_encoding_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

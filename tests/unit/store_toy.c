/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/store_toy.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int store_setup(void **state)
{
    store_toy *toy = calloc(1, sizeof(*toy));
    assert_non_null(toy);
    assert_int_equal(cp_ctx_init(&toy->ctx), CP_OK);
    (void)snprintf(toy->folder, sizeof(toy->folder), "/tmp/cashplan-test-XXXXXX");
    assert_non_null(mkdtemp(toy->folder));
    *state = toy;
    return 0;
}

int store_teardown(void **state)
{
    store_toy *toy = *state;
    cp_db_close(toy->db);
    DIR *dir = opendir(toy->folder);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir))
        if (e->d_name[0] != '.') (void)unlink(store_path(toy, e->d_name));
    if (dir != NULL) closedir(dir);
    (void)rmdir(toy->folder);
    cp_ctx_done(&toy->ctx);
    free(toy);
    return 0;
}

const char *store_path(store_toy *toy, const char *name)
{
    (void)snprintf(toy->path, sizeof(toy->path), "%s/%.60s", toy->folder, name);
    return toy->path;
}

void store_bytes(store_toy *toy, const char *name, const void *bytes, size_t n)
{
    FILE *file = fopen(store_path(toy, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

void store_file(store_toy *toy, const char *name, const char *text)
{
    store_bytes(toy, name, text, strlen(text));
}

void store_open(store_toy *toy)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s", store_path(toy, "t.db"));
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, path, CP_DB_CREATE, &toy->db));
}

void store_bank(store_toy *toy)
{
    store_file(toy, "currency.csv", "code,exponent\nCNY,2\n");
    store_file(toy, "denomination.csv", "code,currency_code,value_minor\nCNY100,CNY,10000\n");
    store_file(toy, "cassette_model.csv", "code\nM\n");
    store_file(toy, "calendar.csv", "code,covered_from,covered_to\nCN,2025-01-01,2027-12-31\n");
    store_file(toy, "vault.csv", "code,lat_deg,lon_deg\nV,31,121\n");
    store_file(toy, "site.csv",
               "code,lat_deg,lon_deg,vault_code\nS1,31.1,121.1,V\nS2,31.2,121.2,\n");
    store_file(toy, "point.csv",
               "code,site_code,kind,owner_branch_code,calendar_code\nA1,S1,atm,B1,CN\n"
               "B1,S2,branch,,CN\n");
    store_file(toy, "cassette.csv",
               "point_code,slot,cassette_model_code,denomination_code,role,capacity_notes\n"
               "A1,1,M,CNY100,dispense,-1\nB1,1,,CNY100,recycle,5000\n");
    store_file(toy, "tariff.csv",
               "item,site_code,valid_from,amount\nkm_minor,,2026-01-01,300\n"
               "stop_site_minor,S1,2026-01-01,8000\n");
    store_file(toy, "history.csv",
               "point_code,day,flow,amount_minor,faults\nA1,2026-11-20,withdrawal,500000,\n"
               "A1,2026-11-21,withdrawal,0,cash_out\n");
}

cp_status store_import(store_toy *toy, const char *mapping, cp_import_report *report)
{
    char path[160];
    cp_import_options options = {.folder = toy->folder};
    if (mapping != NULL) {
        (void)snprintf(path, sizeof(path), "%s", store_path(toy, mapping));
        options.mapping_path = path;
    }
    if (toy->db == NULL) store_open(toy);
    return cp_import(&toy->ctx, toy->db, &options, report);
}

bool store_told(const cp_import_report *report, const char *words)
{
    for (int32_t i = 0; i < report->problems.n_shown; i++)
        if (strstr(report->problems.shown[i], words) != NULL) return true;
    for (int32_t i = 0; i < report->problems.n_warned; i++)
        if (strstr(report->problems.warned[i], words) != NULL) return true;
    return false;
}

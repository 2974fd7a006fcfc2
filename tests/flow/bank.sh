# SPDX-License-Identifier: GPL-3.0-or-later
# bank.sh - sourced by flow tests: a small bank as CSV files.

# make_bank DIR: two sites, a machine and a branch, one car, everything a check accepts.
make_bank() {
    mkdir -p "$1"
    printf 'code,exponent\nCNY,2\n' >"$1/currency.csv"
    printf 'code,currency_code,value_minor\nCNY100,CNY,10000\n' >"$1/denomination.csv"
    printf 'code\nM\n' >"$1/cassette_model.csv"
    printf 'code,covered_from,covered_to\nCN,2025-01-01,2027-12-31\n' >"$1/calendar.csv"
    printf 'code,lat_deg,lon_deg,calendar_code\nV,31,121,CN\n' >"$1/vault.csv"
    printf 'code\nOWN\n' >"$1/carrier.csv"
    printf 'code,carrier_code,vault_code,insured_minor\nC1,OWN,V,100000000000\n' >"$1/car.csv"
    printf 'code,lat_deg,lon_deg,vault_code\nS1,31.1,121.1,V\nS2,31.2,121.2,V\n' >"$1/site.csv"
    printf '%s\n' 'code,site_code,kind,calendar_code,visit_kinds' 'A1,S1,atm,CN,swap' \
        'B1,S2,branch,CN,add' >"$1/point.csv"
    printf '%s\n' 'point_code,slot,cassette_model_code,denomination_code,role,capacity_notes' \
        'A1,1,M,CNY100,dispense,-1' 'B1,1,,CNY100,recycle,50000' >"$1/cassette.csv"
    printf '%s\n' 'point_code,day,slot,notes' 'A1,2026-11-23,1,800' 'B1,2026-11-23,1,9000' \
        >"$1/balance.csv"
    printf '%s\n' 'item,valid_from,amount' 'hold_ppm_year,2026-01-01,30000' \
        'stop_site_minor,2026-01-01,8000' 'cash_out_ppm,2026-01-01,20000' \
        'car_day_minor,2026-01-01,90000' 'km_minor,2026-01-01,300' >"$1/tariff.csv"
    printf '%s\n' 'point_code,day,flow,amount_minor,faults' \
        'A1,2026-11-20,withdrawal,500000,' 'A1,2026-11-21,withdrawal,0,cash_out' >"$1/history.csv"
}

# history NOTES: history.csv of the 70 days before 2026-11-24; A1 paid out about NOTES of them a day.
history() {
    awk -v notes="$1" 'BEGIN { print "point_code,day,flow,amount_minor"
        for (d = 0; d < 70; d++) {
            day = d < 16 ? sprintf("09-%02d", d + 15) : \
                  d < 47 ? sprintf("10-%02d", d - 15) : sprintf("11-%02d", d - 46)
            printf "A1,2026-%s,withdrawal,%d\n", day, notes * (9500 + d % 7 * 100)
            printf "B1,2026-%s,withdrawal,20000000\n", day
        } }'
}

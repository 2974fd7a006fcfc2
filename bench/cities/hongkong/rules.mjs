/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.mjs - everything about the Hong Kong network that no file tells: figures and their reasons.
 * Amounts are HKD; build.mjs turns them into cents. */
export const RULES = {
    seed: 20260224,
    bank: 'BOCHK',

    /* The printed dates of NN5 are one day early; 28 years are 10,227 days or 1,461 whole weeks. */
    dateShiftDays: 1 + 10227,
    calendarShiftDays: 10227,
    heldBackDays: 28,

    /* Days on which the center's crews work: Monday to Saturday, no public holidays. */
    serviceDays: '1111110',
    weekendDays: '0000001',

    /* Machines of an ATM site: drawn from the counts of bea_atm_machines.csv, whose share of sites
     * with cash deposit is also the share of sites here. All machines of one cash point are planned
     * as one point: 4 dispense cassettes for each machine, one deposit bin for each. */
    atm: {
        /* Two cassettes of the smallest note: with one, a Saturday's load would not last until Monday
         * at the busiest machines, whatever the plan. */
        dispense: ['HKD100', 'HKD100', 'HKD500', 'HKD1000'],
        shares: { HKD100: 0.25, HKD500: 0.45, HKD1000: 0.3 },
        depositDenomination: 'HKD500',
        stepNotes: 100,
        minLoadNotes: 100,
        meanHkdPerMachineDay: 160000, /* a mean NN5 series; each series keeps its own level */
        siteSpread: 0.3,              /* sigma of the lognormal factor of a point */
        depositPerWithdrawal: 0.5,
        serviceLevelPpm: 990000,
        swapMinutes: 6,
    },

    /* A branch point is its counters together with its lobby machines: three NN5 series out, two in,
     * the ratio of the levels lognormal round 0.85, so that about a third has a surplus. */
    branch: {
        outSeries: 3,
        inSeries: 2,
        meanHkdPerDay: 700000,
        priorityShare: 0.4, /* a branch for selected customers */
        spread: 0.35,
        inPerOut: 0.85,
        inSpread: 0.3,
        shares: { HKD100: 0.2, HKD500: 0.5, HKD1000: 0.3 },
        capacityDays: 16,   /* of mean demand, in whole bundles */
        insuredDays: 14,
        serviceLevelPpm: 995000,
        addMinutes: 12,
    },
    maxIntervalDays: 14,
    /* Eight minutes a stop for parking, access and hand-over, and the hours of sites (ATMs 07:00 to
     * 20:00, branches 08:30 to 17:30), stand in mapping.json. */

    /* Stock on the evening before: loaded for `daysLoaded` mean days, used for 0..5 days. */
    opening: { daysLoadedFrom: 5, daysLoadedTo: 9, daysUsedTo: 5, leastDays: 1.2 },

    /* Cassettes: the field's usual 2,700 new notes, 90 % filled with used ones. */
    cassettes: [
        { code: 'DISP', capacity_notes: 2700, fill_ppm: 900000, volume_cm3: 9500 },
        { code: 'DEP', capacity_notes: 2700, fill_ppm: 900000, volume_cm3: 9500 },
    ],

    /* Eleven crews of three, ten hours: the mean day's stops (a visit every 5 to 6 service days, about
     * 100 stops of 16 minutes and 10 of driving) need eight, the days before a holiday the rest. */
    cars: { n: 11, shift: ['07:30', '17:30'], overtimeMin: 60, insuredHkd: 60e6, volumeCm3: 6e6,
        maxTrips: 2, reloadMin: 30 },
    vault: { open: '06:00', close: '22:00', dockSlots: 6, packPerDay: 900, packOvertime: 200,
        sortPerDay: 900000, sortOvertime: 300000, sortLeadDays: 1, insuredHkd: 3e9,
        stockDays: 12, poolDays: 4,
        /* Guards, rent and sorting staff of a small center; rents differ by where it stands. Only
         * siting studies look at them. */
        fixedHkdPerDay: 28000, rent: { island: 1.3, mainland: 1, lantau: 0.8 } },

    /* HKD. Interest about the one-month interbank rate; a stop is its share of insurance, hand-over
     * and keys; a car-day is three wages (about 900 each) and the vehicle (1,100); hours are in the
     * car-day, overtime is paid 1.5 times. An emergency trip costs about four stops. */
    tariffs: {
        hold_ppm_year: 40000,
        stop_site: 150,
        stop_machine: 50,
        car_day: 3800,
        km: 8,
        overtime_hour: 520,
        pack_cassette: 12,
        pack_overtime: 18,
        sort_1000: 25,
        sort_overtime_1000: 38,
        cash_out_ppm: 20000,
        emergency: 1200,
        order_access: 1500,
        order_bundle: 15,
        relief_ppm: 1000000,
    },
};

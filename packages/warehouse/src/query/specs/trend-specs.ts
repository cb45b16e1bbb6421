import { bill } from "../../testing/bill.ts";
import { table } from "../../testing/text-table.ts";
import { bothMonths, companyBill, february, january } from "./company-bill.ts";
import type { QuerySpec } from "./query-spec.ts";

const ranked = bill`
  day         service  currency  cost
  2026-01-01  EC2      USD       50
  2026-01-02  EC2      USD       10
  2026-01-01  S3       USD       30
  2026-01-01  SNS      USD       30
  2026-01-01  SQS      USD       5
  2026-01-02  SQS      USD       2
  2026-01-01  Credits  USD       -100
  2026-01-01  VM       EUR       3
  2026-01-01  Disk     EUR       2
  2026-01-01  -        EUR       1
`;

const twoPeriods = bill`
  day         service  tag:team  currency  cost
  2026-01-01  EC2      web       USD       10
  2026-01-31  EC2      web       USD       5
  2026-01-10  S3       data      USD       8
  2026-01-10  Gone     data      USD       7
  2026-01-10  Old      -         CHF       3
  2026-02-01  EC2      web       USD       12
  2026-02-10  S3       data      USD       2
  2026-02-10  New      data      USD       20
  2026-02-10  Euro     -         EUR       4
`;

export const trendSpecs: readonly QuerySpec[] = [
  {
    name: "days in their order, biggest groups first",
    bill: ranked,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      grain: "day",
      period: january,
      filter: { dimension: "currency", is: "USD" },
      top: { count: 2 },
    },
    rows: table`
      time        serviceName  other  billedCost
      2026-01-01  EC2          -      50
      2026-01-01  S3           -      30
      2026-01-01  -            yes    -65
      2026-01-02  EC2          -      10
      2026-01-02  -            yes    2`,
  },
  {
    name: "the top per currency, ties by name, what is left as other, no value as a group of its own",
    bill: ranked,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      period: january,
      top: { count: 2 },
      orderBy: { by: "service", direction: "asc" },
    },
    rows: table`
      serviceName  other  currency  billedCost
      Disk         -      EUR       2
      EC2          -      USD       60
      S3           -      USD       30
      VM           -      EUR       3
      -            yes    EUR       1
      -            yes    USD       -63`,
    totals: table`
      currency  billedCost
      EUR       6
      USD       27`,
  },
  {
    name: "the top alone, with totals over everything",
    bill: ranked,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      period: january,
      top: { count: 1, other: false },
      share: true,
    },
    rows: table`
      serviceName  currency  billedCost  share:billedCost
      EC2          USD       60          2.222222222222
      VM           EUR       3           0.5`,
    totals: table`
      currency  billedCost
      EUR       6
      USD       27`,
  },
  {
    name: "the top is ranked by cost whatever the order is, and with a running total as well",
    bill: ranked,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      grain: "day",
      period: january,
      filter: { dimension: "currency", is: "USD" },
      top: { count: 1, other: false },
      runningTotal: true,
      orderBy: { by: "time", direction: "desc" },
    },
    rows: table`
      time        serviceName  billedCost  running:billedCost
      2026-01-02  EC2          10          60
      2026-01-01  EC2          50          50`,
  },
  {
    name: "a ratio is ranked by the cost behind it and ordered by itself",
    bill: bill`
      service  list  cost
      EC2      100   80
      S3       10    5
      SQS      1     1`,
    request: { measures: ["effectiveSavingsRate"], groupBy: ["service"], period: january, top: { count: 2 } },
    rows: table`
      serviceName  other  effectiveSavingsRate
      S3           -      0.5
      EC2          -      0.2
      -            yes    0`,
    totals: table`
      currency  effectiveSavingsRate
      USD       0.225225225225`,
  },
  {
    name: "what is other keeps its units",
    bill: bill`
      service  cost  ConsumedQuantity  ConsumedUnit
      EC2      5     1                 Hours
      S3       3     2                 GB
      SQS      2     4                 Requests
      SNS      1     8                 Requests`,
    request: { measures: ["billedCost", "consumedQuantity"], groupBy: ["service"], period: january, top: { count: 1 } },
    rows: table`
      serviceName  other  consumedUnit  billedCost  consumedQuantity
      EC2          -      Hours         5           1
      -            yes    GB            3           2
      -            yes    Requests      3           12`,
  },
  {
    name: "hours, days, weeks, months, quarters and years begin where they do in a calendar",
    bill: bill`
      at                    cost
      2026-01-01T00:00:00Z  1
      2026-01-01T23:00:00Z  2`,
    request: {
      measures: ["billedCost"],
      groupBy: ["day", "week", "month", "quarter", "year"],
      grain: "hour",
      period: january,
    },
    rows: table`
      time                  day         week        month       quarter     year        billedCost
      2026-01-01T00:00:00Z  2026-01-01  2025-12-29  2026-01-01  2026-01-01  2026-01-01  1
      2026-01-01T23:00:00Z  2026-01-01  2025-12-29  2026-01-01  2026-01-01  2026-01-01  2`,
  },
  {
    name: "months across two billing periods",
    bill: companyBill,
    request: {
      measures: ["billedCost"],
      grain: "month",
      period: bothMonths,
      filter: { dimension: "currency", is: "USD" },
    },
    rows: table`
      time        billedCost
      2026-01-01  35.10000000000000000000000002
      2026-02-01  31`,
  },
  {
    name: "a period that begins and ends within months",
    bill: companyBill,
    request: {
      measures: ["billedCost"],
      period: { start: "2026-01-15", end: "2026-02-02" },
      filter: { dimension: "tag:env", is: "prod" },
    },
    rows: table`
      currency  billedCost
      USD       45`,
  },
  {
    name: "the previous period beside this one, with groups that are new and gone",
    bill: twoPeriods,
    request: { measures: ["billedCost"], groupBy: ["service"], period: february, compare: "previous-period" },
    rows: table`
      serviceName  currency  billedCost  was:billedCost
      New          USD       20          -
      EC2          USD       12          15
      Euro         EUR       4           -
      S3           USD       2           8
      Gone         USD       -           7
      Old          CHF       -           3`,
    totals: table`
      currency  billedCost  was:billedCost
      CHF       -           3
      EUR       4           -
      USD       34          30`,
  },
  {
    name: "the top of now held against the same groups then",
    bill: twoPeriods,
    request: {
      measures: ["billedCost"],
      groupBy: ["tag:team", "service"],
      period: february,
      compare: "previous-period",
      top: { count: 1 },
      filter: { dimension: "currency", is: "USD" },
    },
    rows: table`
      tag:team  serviceName  other  billedCost  was:billedCost
      data      New          -      20          -
      -         -            yes    14          30`,
  },
  {
    name: "the first day beside the first, and a longer month's last days kept",
    bill: twoPeriods,
    request: {
      measures: ["billedCost"],
      grain: "day",
      period: february,
      compare: "previous-period",
      filter: { dimension: "service", is: "EC2" },
    },
    rows: table`
      time        billedCost  was:billedCost
      2026-02-01  12          10
      2026-03-03  -           5`,
  },
  {
    name: "weeks are held against weeks",
    bill: twoPeriods,
    request: {
      measures: ["billedCost"],
      grain: "week",
      period: february,
      compare: "previous-period",
      filter: { dimension: "service", is: "S3" },
    },
    rows: table`
      time        billedCost  was:billedCost
      2026-02-02  -           8
      2026-02-09  2           -`,
  },
  {
    name: "the same months of last year, as time and as a group",
    bill: bill`
      day         cost
      2025-01-15  1
      2025-02-15  2
      2026-01-31  4
      2026-02-28  8`,
    request: {
      measures: ["billedCost"],
      groupBy: ["month"],
      grain: "month",
      period: bothMonths,
      compare: "previous-year",
    },
    rows: table`
      time        month       billedCost  was:billedCost
      2026-01-01  2026-01-01  4           1
      2026-02-01  2026-02-01  8           2`,
  },
  {
    name: "days that the request names to compare with",
    bill: twoPeriods,
    request: {
      measures: ["billedCost"],
      period: { start: "2026-02-10", end: "2026-02-11" },
      compare: { start: "2026-01-10", end: "2026-01-11" },
      filter: { dimension: "service", is: "S3" },
    },
    rows: table`
      currency  billedCost  was:billedCost
      USD       2           8`,
  },
  {
    name: "running totals per group in the order of time, over days without cost",
    bill: twoPeriods,
    request: {
      measures: ["billedCost", "rowCount"],
      groupBy: ["tag:team"],
      grain: "day",
      period: { start: "2026-01-01", end: "2026-03-01" },
      runningTotal: true,
      filter: { dimension: "tag:team", isNull: false },
    },
    rows: table`
      time        tag:team  billedCost  running:billedCost  running:rowCount
      2026-01-01  web       10          10                  1
      2026-01-10  data      15          15                  2
      2026-01-31  web       5           15                  2
      2026-02-01  web       12          27                  3
      2026-02-10  data      22          37                  4`,
  },
  {
    name: "a share of nothing is no figure",
    bill: bill`
      service  cost
      EC2      5
      Credits  -5`,
    request: { measures: ["billedCost"], groupBy: ["service"], period: january, share: true },
    rows: table`
      serviceName  billedCost  share:billedCost
      EC2          5           -
      Credits      -5          -`,
  },
];

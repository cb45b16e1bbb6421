import { bill } from "../../testing/bill.ts";
import { table } from "../../testing/text-table.ts";
import { bothMonths, companyBill, february, january } from "./company-bill.ts";
import type { QuerySpec } from "./query-spec.ts";

export const groupSpecs: readonly QuerySpec[] = [
  {
    name: "a total keeps every digit and adds no two currencies",
    bill: companyBill,
    request: { measures: ["billedCost", "rowCount"], period: bothMonths },
    rows: table`
      currency  billedCost                      rowCount
      EUR       12345678908.623456789           2
      USD       66.10000000000000000000000002   7`,
    totals: table`
      currency  billedCost                      rowCount
      EUR       12345678908.623456789           2
      USD       66.10000000000000000000000002   7`,
  },
  {
    name: "groups of a column come biggest first",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["service"], period: january },
    rows: table`
      serviceName  currency  billedCost
      EC2          USD       35.00000000000000000000000002
      VM           EUR       7.5
      S3           USD       0.1`,
  },
  {
    name: "groups of a column that only combinations hold",
    bill: bill`
      service  SkuId  cost
      EC2      m5     2
      EC2      m6     3
      S3       -      1`,
    request: { measures: ["effectiveCost"], groupBy: ["skuId", "serviceName"], period: january },
    rows: table`
      skuId  serviceName  effectiveCost
      m6     EC2          3
      m5     EC2          2
      -      S3           1`,
  },
  {
    name: "groups of a column that only the facts hold",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["resourceId"], period: january },
    rows: table`
      resourceId  billedCost
      i-1         20.00000000000000000000000002
      i-2         15
      vm-1        7.5
      b-1         0.1`,
  },
  {
    name: "groups of a tag, and rows that lack it",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["tag:team"], period: january },
    rows: table`
      tag:team  currency  billedCost
      web       USD       20.10000000000000000000000002
      data      USD       15
      -         EUR       7.5`,
  },
  {
    name: "groups of a tag with a column of the facts",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["tag:env", "resourceId"], period: january },
    rows: table`
      tag:env  resourceId  billedCost
      prod     i-1         20.00000000000000000000000002
      prod     i-2         15
      dev      vm-1        7.5
      -        b-1         0.1`,
  },
  {
    name: "groups of a column that FOCUS does not have",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["x_Project"], period: february },
    rows: table`
      x_Project  currency  billedCost
      -          EUR       12345678901.123456789
      apollo     USD       30
      -          USD       1`,
  },
  {
    name: "provider families, whatever an export calls its provider",
    bill: companyBill,
    request: { measures: ["rowCount"], groupBy: ["providerFamily"], period: bothMonths },
    rows: table`
      providerFamily  currency  rowCount
      AWS             USD       6
      Azure           EUR       2
      OCI             USD       1`,
  },
  {
    name: "a provider of no family stands for itself",
    bill: bill`
      provider   cost
      Snowflake  1`,
    request: { measures: ["billedCost"], groupBy: ["providerFamily"], period: january },
    rows: table`
      providerFamily  billedCost
      Snowflake       1`,
  },
  {
    name: "the billing period and the month of the charge, which may differ",
    bill: bill`
      day         period   cost
      2026-01-31  2026-02  1
      2026-02-01  2026-02  2`,
    request: { measures: ["billedCost"], groupBy: ["billingPeriod", "month"], period: bothMonths },
    rows: table`
      billingPeriod  month       billedCost
      2026-02-01     2026-02-01  2
      2026-02-01     2026-01-01  1`,
  },
  {
    name: "by billing basis, a charge counts in the month it is invoiced in",
    bill: bill`
      day         period   cost
      2026-01-31  2026-02  1
      2026-02-01  2026-02  2
      2026-03-01  2026-03  4`,
    request: { measures: ["billedCost"], period: february, basis: "billing" },
    rows: table`
      currency  billedCost
      USD       3`,
  },
  {
    name: "quarter, year and week as groups",
    bill: companyBill,
    request: {
      measures: ["rowCount"],
      groupBy: ["year", "quarter", "week"],
      period: january,
      filter: { dimension: "currency", is: "USD" },
    },
    rows: table`
      year        quarter     week        rowCount
      2026-01-01  2026-01-01  2025-12-29  3
      2026-01-01  2026-01-01  2026-01-12  2`,
  },
  {
    name: "different resources are counted once, by tag too",
    bill: companyBill,
    request: { measures: ["resourceCount"], groupBy: ["tag:team"], period: bothMonths },
    rows: table`
      tag:team  currency  resourceCount
      web       USD       2
      data      USD       1
      ops       EUR       1
      -         EUR       1
      -         USD       0`,
    totals: table`
      currency  resourceCount
      EUR       1
      USD       3`,
  },
  {
    name: "quantities of different units stay apart, and their total is no figure",
    bill: companyBill,
    request: { measures: ["consumedQuantity"], groupBy: ["account"], period: january },
    rows: table`
      subAccountId  consumedUnit  currency  consumedQuantity
      a1            Hours         USD       48
      a2            Hours         USD       48
      s1            Hours         EUR       10
      a1            GB            USD       5
      a2            -             USD       -`,
    totals: table`
      currency  consumedQuantity  why:consumedQuantity
      EUR       10                -
      USD       -                 Quantities of several units cannot be added.`,
  },
  {
    name: "nothing where there is nothing",
    bill: companyBill,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      period: { start: "2024-01-01", end: "2025-01-01" },
      compare: "previous-period",
      share: true,
    },
    rows: [],
    totals: [],
  },
  {
    name: "nothing where the filter keeps nothing",
    bill: companyBill,
    request: {
      measures: ["billedCost"],
      groupBy: ["service"],
      grain: "day",
      period: january,
      filter: { dimension: "service", is: "Lambda" },
      top: { count: 3 },
    },
    rows: [],
    totals: [],
  },
];

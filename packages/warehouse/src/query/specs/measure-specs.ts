import { bill } from "../../testing/bill.ts";
import { table } from "../../testing/text-table.ts";
import { january } from "./company-bill.ts";
import type { QuerySpec } from "./query-spec.ts";

/** Golden case 1 of the definitions: a reservation paid upfront, a savings plan, on-demand usage and tax. */
const goldenCase = bill`
  service  category  PricingCategory  CommitmentDiscountId  commitment  billed  effective  list  contracted
  Plan     Purchase  Committed        ri-1                  -           8760    0          -     -
  EC2      Usage     Committed        ri-1                  Used        0       600        960   960
  EC2      Usage     Committed        ri-1                  Unused      0       120        120   -
  EC2      Usage     Committed        sp-1                  Used        0       360        500   500
  EC2      Usage     Committed        sp-1                  Unused      0       40         40    -
  EC2      Usage     Standard         -                     -           285     285        300   285
  Tax      Tax       -                -                     -           50      50         50    50
`;

const utilized = bill`
  account  CommitmentDiscountId  commitment  effective  CommitmentDiscountQuantity  CommitmentDiscountUnit
  hours    c-1                   Used        7          3                           Hours
  hours    c-1                   Unused      3          1                           Hours
  cost     c-2                   Used        7          -                           -
  cost     c-2                   Unused      3          -                           -
  mixed    c-3                   Used        1          9                           Hours
  mixed    c-4                   Unused      3          1                           USD
  partly   c-5                   Used        6          9                           Hours
  partly   c-5                   Unused      4          -                           Hours
  unused   c-6                   Unused      5          2                           Hours
  none     -                     -           5          -                           -
`;

const magnitudes = bill`
  service  billed                                      effective                          list                    contracted     PricingQuantity  PricingUnit
  tiny     0.00000000000000000000000001                -0.00000000000000000000000001      0.000000004999999999    0.000000005    1                GB
  tiny     0.00000000000000000000000001                -0.00000000000000000000000001      0.000000004999999999    0.000000005    2                GB
  huge     9999999999.99999999                         123456789012345.123456789012345     1e20                    -1e20          1e12             GB
  huge     0.00000001                                  0.00000000000000000000000005       0.00000001              1              0.5              GB
  mixed    -9999999998.999999995                       10000000000.000000005              -10000000000.000000005  9999999999     0                GB
`;

export const measureSpecs: readonly QuerySpec[] = [
  {
    name: "the golden case of savings: 20.17 %, and coverage 82.95 %",
    bill: goldenCase,
    request: {
      measures: [
        "billedCost",
        "effectiveCost",
        "onDemandEquivalent",
        "effectiveSavingsRate",
        "commitmentCoverage",
        "unusedCommitmentCost",
        "notPricedCost",
      ],
      period: january,
    },
    rows: table`
      billedCost  effectiveCost  onDemandEquivalent  effectiveSavingsRate  commitmentCoverage  unusedCommitmentCost  notPricedCost
      9095        1455           1760                0.201704545455        0.829545454545      160                   0`,
  },
  {
    name: "the golden case's utilization per commitment: 83.3 % and 90 %",
    bill: goldenCase,
    request: {
      measures: ["commitmentUtilization"],
      groupBy: ["commitmentDiscountId"],
      period: january,
      filter: { dimension: "commitmentDiscountId", isNull: false },
    },
    rows: table`
      commitmentDiscountId  commitmentUtilization
      sp-1                  0.9
      ri-1                  0.833333333333`,
  },
  {
    name: "list, contracted and savings, each of rows that state both of its sides",
    bill: bill`
      list  contracted  effective  billed
      10    8           6          6
      -     5           4          4
      7     -           3          3
      -     -           2          2`,
    request: {
      measures: [
        "listCost",
        "contractedCost",
        "negotiatedSavings",
        "commitmentSavings",
        "totalSavings",
        "notPricedCost",
        "rowCount",
      ],
      period: january,
    },
    rows: table`
      listCost  contractedCost  negotiatedSavings  commitmentSavings  totalSavings  notPricedCost  rowCount
      17        13              2                  3                  8             6              4`,
  },
  {
    name: "savings and rates are missing, with the reason, where no row states a price",
    bill: bill`
      service  category  cost
      Tax      Tax       5`,
    request: {
      measures: ["listCost", "totalSavings", "effectiveSavingsRate", "commitmentUtilization", "commitmentCoverage"],
      period: january,
    },
    rows: table`
      listCost  totalSavings  why:totalSavings             why:effectiveSavingsRate         why:commitmentUtilization            why:commitmentCoverage
      -         -             No row states a list cost.   No usage here has a list price.  No commitment covers anything here.  No eligible usage here has a list price.`,
  },
  {
    name: "a negative savings rate is not clamped",
    bill: bill`
      commitment  list  cost
      Used        100   50
      Unused      -     125`,
    request: { measures: ["effectiveSavingsRate"], period: january },
    rows: table`
      effectiveSavingsRate
      -0.75`,
  },
  {
    name: "spot usage cannot be covered",
    bill: bill`
      PricingCategory  commitment  list  cost
      Dynamic          -           900   90
      Standard         -           50    50
      Committed        Used        150   100`,
    request: { measures: ["commitmentCoverage"], period: january },
    rows: table`
      commitmentCoverage
      0.75`,
  },
  {
    name: "utilization by quantity where all rows state it in one unit, else by cost",
    bill: utilized,
    request: {
      measures: ["commitmentUtilization"],
      groupBy: ["account"],
      period: january,
      orderBy: { by: "account", direction: "asc" },
    },
    rows: table`
      subAccountId  commitmentUtilization  why:commitmentUtilization
      cost          0.7                    -
      hours         0.75                   -
      mixed         0.25                   -
      none          -                      No commitment covers anything here.
      partly        0.6                    -
      unused        0                      -`,
  },
  {
    name: "sums of every magnitude keep every digit",
    bill: magnitudes,
    request: {
      measures: ["billedCost", "effectiveCost", "listCost", "contractedCost", "pricingQuantity"],
      groupBy: ["service"],
      period: january,
      orderBy: { by: "service", direction: "asc" },
    },
    rows: table`
      serviceName  billedCost                    effectiveCost                                  listCost                contractedCost          pricingQuantity
      huge         10000000000                   123456789012345.12345678901234500000000005     100000000000000000000.00000001  -99999999999999999999  1000000000000.5
      mixed        -9999999998.999999995         10000000000.000000005                          -10000000000.000000005  9999999999              0
      tiny         0.00000000000000000000000002  -0.00000000000000000000000002                  0.000000009999999998    0.00000001              3`,
    totals: table`
      currency  billedCost                             pricingQuantity
      USD       1.00000000500000000000000002           1000000000003.5`,
  },
];

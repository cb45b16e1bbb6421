import { bill, toLakeRow } from "../../testing/bill.ts";
import { table } from "../../testing/text-table.ts";
import type { CostFilter } from "../cost-query.ts";
import { bothMonths, companyBill, january } from "./company-bill.ts";
import type { QuerySpec } from "./query-spec.ts";

/** A filter and how many rows of the company's bill it keeps. */
const counted: readonly [string, CostFilter, number][] = [
  ["a value", { dimension: "serviceName", is: "EC2" }, 5],
  ["no value", { dimension: "subAccountId", is: null }, 1],
  ["one of several values", { dimension: "service", in: ["S3", "VM"] }, 3],
  ["one of several values, or none", { dimension: "tag:team", in: ["data", null] }, 4],
  ["none of no values", { dimension: "tag:team", in: [null] }, 2],
  ["a part of a text in any case", { dimension: "region", contains: "EU" }, 4],
  ["the beginning of a text in any case", { dimension: "region", startsWith: "EU-" }, 2],
  ["an unknown value", { dimension: "region", isNull: true }, 1],
  ["a known value", { dimension: "region", isNull: false }, 8],
  ["a range of texts", { dimension: "account", from: "a1", to: "a2" }, 4],
  ["a range of days", { dimension: "day", from: "2026-01-15", to: "2026-02-01" }, 3],
  ["a tag", { dimension: "tag:env", is: "prod" }, 5],
  ["a tag that nobody uses", { dimension: "tag:nope", is: "x" }, 0],
  ["a column of the facts", { dimension: "resourceId", startsWith: "i-" }, 5],
  ["a column that FOCUS does not have", { dimension: "x_Project", is: "apollo" }, 4],
  ["two tests on one dimension", { dimension: "resourceId", startsWith: "i", contains: "2" }, 2],
  ["the opposite, rows without a value included", { not: { dimension: "tag:team", is: "web" } }, 5],
  [
    "all of several",
    {
      and: [
        { dimension: "service", is: "EC2" },
        { dimension: "tag:team", is: "data" },
      ],
    },
    2,
  ],
  ["all of nothing", { and: [] }, 9],
  [
    "any of several, of tags and facts",
    {
      or: [
        { dimension: "tag:env", is: "dev" },
        { dimension: "resourceId", is: "b-1" },
      ],
    },
    3,
  ],
  [
    "a tag and a column of the facts",
    {
      and: [
        { dimension: "tag:env", is: "prod" },
        { dimension: "resourceId", is: "i-2" },
      ],
    },
    2,
  ],
  [
    "neither of a tag and a column of the facts",
    {
      not: {
        or: [
          { dimension: "tag:env", is: "prod" },
          { dimension: "x_Project", isNull: false },
        ],
      },
    },
    4,
  ],
  [
    "a day and a tag",
    {
      or: [
        { dimension: "day", is: "2026-02-10" },
        { dimension: "tag:team", is: "data" },
      ],
    },
    3,
  ],
  [
    "a billing period and a tag",
    {
      and: [
        { dimension: "billingPeriod", is: "2026-02-01" },
        { dimension: "tag:env", is: "dev" },
      ],
    },
    1,
  ],
  [
    "a billing period or a tag",
    {
      or: [
        { dimension: "billingPeriod", is: "2026-02-01" },
        { dimension: "tag:team", is: "data" },
      ],
    },
    5,
  ],
  ["a provider family", { dimension: "providerFamily", is: "AWS" }, 6],
  [
    "deep nesting",
    {
      and: [
        { or: [{ dimension: "service", is: "EC2" }, { not: { dimension: "currency", is: "USD" } }] },
        {
          not: {
            and: [
              { dimension: "tag:env", is: "dev" },
              { dimension: "resourceId", isNull: false },
            ],
          },
        },
      ],
    },
    5,
  ],
];

const filterCounts: readonly QuerySpec[] = counted.map(([name, filter, rows]) => ({
  name: `a filter on ${name}`,
  bill: companyBill,
  request: { measures: ["rowCount"], period: bothMonths, filter },
  keptRows: rows,
}));

/** Texts that end a literal, a path or a pattern somewhere. */
const hostileTexts = [
  "it's",
  'say "hi"',
  "back\\slash",
  "a.b",
  "$.x",
  "tail\\",
  "';DROP TABLE facts;--",
  "$1",
  "%",
  "_",
  "😀",
  "tag:team",
  "~1/x",
  "line\nbreak",
  "Ünïcode ß",
  "",
  " ",
  "null",
  "{p:String}",
  "[0]",
  "*",
];

const hostileBill = [
  ...hostileTexts.map((text) =>
    toLakeRow({ service: text, [`tag:${text}x`]: text, [`x_${text}`]: text, resource: text, cost: "1" }),
  ),
  toLakeRow({ service: "other", cost: "2" }),
];

const hostile: readonly QuerySpec[] = hostileTexts.flatMap((text) => {
  const ask = (dimension: string): QuerySpec => ({
    name: `${JSON.stringify(text)} in ${dimension.split(/[:_]/)[0]} is a text like any other`,
    bill: hostileBill,
    request: { measures: ["billedCost"], groupBy: [dimension], period: january, filter: { dimension, is: text } },
    rows: [{ [dimension]: text, billedCost: "1" }],
  });
  return [ask("serviceName"), ask(`tag:${text}x`), ask("resourceId"), ...(text === "" ? [] : [ask(`x_${text}`)])];
});

export const filterSpecs: readonly QuerySpec[] = [
  ...filterCounts,
  ...hostile,
  {
    name: "what the caller may not see is in no group and no total",
    bill: companyBill,
    request: { measures: ["billedCost"], groupBy: ["service"], period: bothMonths, share: true, top: { count: 1 } },
    rowFilter: { dimension: "tag:team", is: "web" },
    rows: table`
      serviceName  other  billedCost                      share:billedCost
      EC2          -      50.00000000000000000000000002   0.998003992016
      -            yes    0.1                             0.001996007984`,
    totals: table`
      currency  billedCost
      USD       50.10000000000000000000000002`,
  },
  {
    name: "a caller's filter narrows what he may see and cannot widen it",
    bill: companyBill,
    request: {
      measures: ["rowCount"],
      period: bothMonths,
      filter: {
        or: [
          { dimension: "tag:team", is: "web" },
          { dimension: "tag:team", is: "data" },
        ],
      },
    },
    rowFilter: { dimension: "account", is: "a2" },
    rows: table`
      currency  rowCount
      USD       2`,
  },
  {
    name: "a comparison hides what the caller may not see as well",
    bill: companyBill,
    request: {
      measures: ["billedCost"],
      period: { start: "2026-02-01", end: "2026-03-01" },
      compare: "previous-period",
    },
    rowFilter: { dimension: "resourceId", is: "i-1" },
    rows: table`
      currency  billedCost  was:billedCost
      USD       30          20.00000000000000000000000002`,
  },
  {
    name: "tags that are no object, or say a key twice, do no harm",
    bill: [
      ...bill`
      service  cost
      EC2      1
      S3       2
      VM       4`,
    ].map((row, index) => ({
      ...row,
      Tags: ["not json", '["team"]', '{"team":"web","team":"data","n":{"deep":1},"none":null}'][index]!,
    })),
    request: { measures: ["billedCost"], groupBy: ["tag:team", "tag:n", "tag:none"], period: january },
    rows: table`
      tag:team  tag:n       tag:none  billedCost
      web       {"deep":1}  -         4
      -         -           -         3`,
  },
];

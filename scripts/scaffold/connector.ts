import { camelCase, type Scaffold, words } from "./scaffold.ts";

/** A provider's folder with one CSV format that maps the columns every bill needs. */
export function connectorScaffold(name: string): Scaffold {
  const folder = `packages/connectors/src/${name}`;
  const variable = camelCase(name);
  const label = words(name);
  return {
    files: {
      [`${folder}/README.md`]: readme(label),
      [`${folder}/formats.ts`]: formats(name, variable),
      [`${folder}/formats/${name}-cost-report.ts`]: format(name, variable, label),
      [`${folder}/formats/${name}-cost-report.test.ts`]: test(name, variable),
    },
    edits: [
      {
        path: "packages/connectors/src/format.ts",
        after: /^ {2}connector: "aws"(?: \| "[a-z0-9-]+")*/m,
        insert: ` | "${name}"`,
      },
    ],
    next: [
      `Add ${variable}Formats to packages/connectors/src/registry.ts.`,
      `Replace the invented column names in ${folder}/formats/${name}-cost-report.ts by those of a real bill.`,
      `Run npx vitest run ${folder}.`,
    ],
  };
}

function readme(label: string): string {
  return `# ${label}

## Formats

| format | recognised by | what is particular |
|---|---|---|
| cost report | the columns \`report/lineId\` and \`report/cost\` | |

## What the bill does not say

List and contracted prices stay unknown; nothing is guessed.
`;
}

function formats(name: string, variable: string): string {
  return `import type { BillFormat } from "../format.ts";
import { ${variable}CostReport } from "./formats/${name}-cost-report.ts";

export const ${variable}Formats: readonly BillFormat[] = [${variable}CostReport];
`;
}

function format(name: string, variable: string, label: string): string {
  return `import type { BillFormat } from "../../format.ts";

const marks = ["report/lineId", "report/cost"];

/** The cost report of ${label}: one line per resource and day. */
export const ${variable}CostReport: BillFormat = {
  id: "${name}-cost-report",
  label: "${label} cost report",
  connector: "${name}",
  dataset: "costs",
  detect: ({ columns }) => {
    const names = new Set(columns.map((column) => column.name));
    if (!marks.every((mark) => names.has(mark))) return null;
    return { confidence: 0.9, because: \`It has the columns \${marks.join(" and ")}.\` };
  },
  mapping: () => ({
    inputs: {
      account: { names: ["report/account"], kind: "text", required: true },
      service: { names: ["report/service"], kind: "text", required: true },
      day: { names: ["report/day"], kind: "time", required: true, formats: ["%Y-%m-%d"] },
      cost: { names: ["report/cost"], kind: "decimal", required: true },
      currency: { names: ["report/currency"], kind: "text", required: true, assume: "BillingCurrency" },
    },
    rawCost: "cost",
    rejected: [{ when: "day IS NULL", reason: "'The line has no day.'" }],
    columns: {
      BillingAccountId: "account",
      BillingCurrency: "currency",
      BillingPeriodStart: "date_trunc('month', day)",
      BillingPeriodEnd: "date_trunc('month', day) + INTERVAL 1 MONTH",
      ChargePeriodStart: "day",
      ChargePeriodEnd: "day + INTERVAL 1 DAY",
      ChargeCategory: "'Usage'",
      ChargeFrequency: "'Usage-Based'",
      BilledCost: "cost",
      EffectiveCost: "cost",
      ProviderName: "'${label}'",
      PublisherName: "'${label}'",
      InvoiceIssuerName: "'${label}'",
      ServiceName: "service",
      ServiceCategory: "'Other'",
      ServiceSubcategory: "'Other (Other)'",
    },
  }),
};
`;
}

function test(name: string, variable: string): string {
  return `import { expect, it } from "vitest";
import { runMapping } from "../../testing/run-mapping.ts";
import { ${variable}CostReport } from "./${name}-cost-report.ts";

it("keeps every digit of the cost", async () => {
  const csv = [
    "report/lineId,report/account,report/service,report/day,report/cost,report/currency",
    "1,acme,Compute,2026-11-01,0.000000000123456789,USD",
  ].join("\\n");
  const [row] = await runMapping(${variable}CostReport, [{ csv }]);
  expect(row).toMatchObject({ BilledCost: "0.000000000123456789", BillingCurrency: "USD", ServiceName: "Compute" });
});
`;
}

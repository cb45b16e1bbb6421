import { CostView } from "../views/contract.ts";
import type { ReportTemplate } from "./contract.ts";

const lastMonth = { period: { preset: "last-month" as const } };

export const reportTemplates: readonly ReportTemplate[] = [
  {
    key: "month-close",
    name: "Month close",
    about:
      "What the month before was billed, by whom, what discounts saved, and what changed against the month before it.",
    items: [
      {
        id: "intro",
        kind: "text",
        text: "The month is told as it was published on the day of this run. Later restatements do not change it.",
      },
      {
        id: "billed",
        kind: "figure",
        title: "Billed and effective cost",
        view: CostView.parse({ ...lastMonth, measures: ["billedCost", "effectiveCost"], groupBy: [] }),
      },
      {
        id: "savings",
        kind: "figure",
        title: "What discounts saved",
        view: CostView.parse({
          ...lastMonth,
          measures: ["negotiatedSavings", "commitmentSavings", "effectiveSavingsRate"],
          groupBy: [],
        }),
      },
      {
        id: "trend",
        kind: "chart",
        title: "Twelve months by provider",
        view: CostView.parse({
          measures: ["billedCost"],
          groupBy: ["providerFamily"],
          period: { preset: "last-12-months" },
          basis: "billing",
          chart: "bars",
          grain: "month",
        }),
      },
      {
        id: "services",
        kind: "table",
        title: "By service",
        view: CostView.parse({ ...lastMonth, measures: ["billedCost", "effectiveCost"] }),
        rowsMax: 25,
      },
      {
        id: "accounts",
        kind: "table",
        title: "By account",
        view: CostView.parse({ ...lastMonth, measures: ["billedCost"], groupBy: ["subAccountId"] }),
        rowsMax: 50,
      },
    ],
  },
  {
    key: "weekly-engineering",
    name: "Engineering, last 30 days",
    about: "What services and resources cost day by day, for the people who run them.",
    items: [
      {
        id: "spend",
        kind: "figure",
        title: "Effective cost",
        view: CostView.parse({ measures: ["effectiveCost"], groupBy: [], period: { preset: "last-30-days" } }),
      },
      {
        id: "daily",
        kind: "chart",
        title: "Day by day, by service",
        view: CostView.parse({
          measures: ["effectiveCost"],
          period: { preset: "last-30-days" },
          chart: "bars",
          grain: "day",
        }),
      },
      {
        id: "resources",
        kind: "table",
        title: "Resources that cost most",
        view: CostView.parse({
          measures: ["effectiveCost"],
          groupBy: ["resourceId"],
          period: { preset: "last-30-days" },
        }),
        rowsMax: 25,
      },
    ],
  },
];

export function findReportTemplate(key: string): ReportTemplate | null {
  return reportTemplates.find((template) => template.key === key) ?? null;
}

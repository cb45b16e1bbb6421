import { CostView, type CostViewInput } from "../views/contract.ts";
import type { DashboardTemplate, Tile } from "./contract.ts";
import type { TilePlace } from "./tile-place.ts";

/** One for each kind of reader: what that person asks first thing in the morning. */
export const dashboardTemplates: readonly DashboardTemplate[] = [
  {
    key: "finops",
    name: "FinOps lead",
    about: "Where the money goes, what moved, what commitments bring, and what nobody owns yet.",
    tiles: [
      figure("spend", "Effective cost this month", at(0, 0, 3, 2), { measures: ["effectiveCost"] }),
      figure("rate", "Effective savings rate", at(3, 0, 3, 2), { measures: ["effectiveSavingsRate"] }),
      figure("unused", "Unused commitment", at(6, 0, 3, 2), { measures: ["unusedCommitmentCost"] }),
      figure("coverage", "Commitment coverage", at(9, 0, 3, 2), { measures: ["commitmentCoverage"] }),
      chart("trend", "By service, last 6 months", at(0, 2, 8, 5), {
        measures: ["effectiveCost"],
        period: { preset: "last-6-months" },
        chart: "bars",
        grain: "month",
      }),
      chart("clouds", "By provider", at(8, 2, 4, 5), {
        measures: ["effectiveCost"],
        groupBy: ["providerFamily"],
        chart: "donut",
      }),
      table("accounts", "Accounts that cost most", at(0, 7, 6, 6), {
        measures: ["effectiveCost", "totalSavings"],
        groupBy: ["subAccountId"],
      }),
      table("regions", "By region and service", at(6, 7, 6, 6), {
        measures: ["effectiveCost"],
        groupBy: ["regionId", "serviceName"],
      }),
    ],
  },
  {
    key: "engineer",
    name: "Engineer",
    about: "What my services cost day by day, and which resources cause it.",
    tiles: [
      figure("today", "Effective cost, last 30 days", at(0, 0, 4, 2), {
        measures: ["effectiveCost"],
        period: { preset: "last-30-days" },
      }),
      figure("resources", "Resources with a cost", at(4, 0, 4, 2), {
        measures: ["resourceCount"],
        period: { preset: "last-30-days" },
      }),
      figure("unpriced", "Usage without a list price", at(8, 0, 4, 2), {
        measures: ["notPricedCost"],
        period: { preset: "last-30-days" },
      }),
      chart("daily", "Day by day, by service", at(0, 2, 12, 5), {
        measures: ["effectiveCost"],
        period: { preset: "last-30-days" },
        chart: "bars",
        grain: "day",
      }),
      chart("heat", "Where the days stand out", at(0, 7, 6, 5), {
        measures: ["effectiveCost"],
        period: { preset: "last-30-days" },
        chart: "heatmap",
        grain: "day",
      }),
      table("top", "Resources that cost most", at(6, 7, 6, 5), {
        measures: ["effectiveCost"],
        groupBy: ["resourceId"],
        period: { preset: "last-30-days" },
      }),
    ],
  },
  {
    key: "finance",
    name: "Finance",
    about: "What is invoiced, by invoice and account, and how it compares with the month before and the year before.",
    tiles: [
      figure("invoiced", "Billed last month", at(0, 0, 4, 2), {
        measures: ["billedCost"],
        period: { preset: "last-month" },
        basis: "billing",
      }),
      figure("year", "Billed this year", at(4, 0, 4, 2), {
        measures: ["billedCost"],
        period: { preset: "year-to-date" },
        basis: "billing",
        comparison: "last-year",
      }),
      figure("contracted", "Negotiated savings this year", at(8, 0, 4, 2), {
        measures: ["negotiatedSavings"],
        period: { preset: "year-to-date" },
        comparison: "last-year",
      }),
      chart("months", "Billed by month and provider", at(0, 2, 12, 5), {
        measures: ["billedCost"],
        groupBy: ["providerFamily"],
        period: { preset: "last-12-months" },
        basis: "billing",
        chart: "bars",
        grain: "month",
      }),
      table("invoices", "By invoice", at(0, 7, 6, 6), {
        measures: ["billedCost"],
        groupBy: ["invoiceId"],
        period: { preset: "last-month" },
        basis: "billing",
      }),
      table("categories", "Usage, purchases, tax and credits", at(6, 7, 6, 6), {
        measures: ["billedCost"],
        groupBy: ["chargeCategory", "invoiceIssuerName"],
        period: { preset: "last-month" },
        basis: "billing",
      }),
    ],
  },
  {
    key: "leader",
    name: "Leader",
    about: "Four figures and one picture: what we spend, where it is going, and what discounts save.",
    tiles: [
      figure("now", "Spend this month", at(0, 0, 6, 2), { measures: ["effectiveCost"] }),
      figure("saved", "Saved by discounts", at(6, 0, 6, 2), { measures: ["totalSavings"] }),
      chart("year", "Twelve months by provider", at(0, 2, 12, 5), {
        measures: ["effectiveCost"],
        groupBy: ["providerFamily"],
        period: { preset: "last-12-months" },
        chart: "area",
        grain: "month",
      }),
      chart("shape", "What it is spent on", at(0, 7, 12, 5), {
        measures: ["effectiveCost"],
        groupBy: ["serviceCategory"],
        chart: "treemap",
      }),
    ],
  },
];

export function findTemplate(key: string): DashboardTemplate | null {
  return dashboardTemplates.find((template) => template.key === key) ?? null;
}

function at(x: number, y: number, w: number, h: number): TilePlace {
  return { x, y, w, h };
}

function figure(id: string, title: string, place: TilePlace, view: CostViewInput): Tile {
  return tile(id, title, "figure", place, { groupBy: [], chart: "none", ...view });
}

function chart(id: string, title: string, place: TilePlace, view: CostViewInput): Tile {
  return tile(id, title, "chart", place, view);
}

function table(id: string, title: string, place: TilePlace, view: CostViewInput): Tile {
  return tile(id, title, "table", place, { chart: "none", ...view });
}

function tile(
  id: string,
  title: string,
  shows: "figure" | "chart" | "table",
  place: TilePlace,
  view: CostViewInput,
): Tile {
  return { id, kind: "view", title, shows, view: CostView.parse(view), place };
}

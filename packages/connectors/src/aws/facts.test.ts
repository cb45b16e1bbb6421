import { serviceCategoryTree } from "@finops/focus/service-categories";
import { expect, it } from "vitest";
import { awsChargeKinds } from "./charge-kinds.ts";
import { awsRegions, awsUsageTypeRegions } from "./regions.ts";
import { awsResourceTypes } from "./resource-types.ts";
import { awsServices } from "./services.ts";
import { awsUnits } from "./units.ts";

const tables = [awsServices, awsRegions, awsUsageTypeRegions, awsUnits, awsResourceTypes, awsChargeKinds];
const tree: Record<string, readonly string[]> = serviceCategoryTree;

it("has one line for each key of each table", () => {
  for (const table of tables) {
    const keys = table.rows.map((row) => row[0]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  }
});

it("files over 150 services under pairs of category and subcategory that FOCUS allows", () => {
  expect(awsServices.rows.length).toBeGreaterThan(150);
  for (const [code, , category, subcategory] of awsServices.rows)
    expect([code, tree[category!]?.includes(subcategory!)]).toEqual([code, true]);
});

it("gives a service name one category and subcategory, as FOCUS demands", () => {
  const shelves = new Map<string, Set<string>>();
  for (const [, name, , subcategory] of awsServices.rows)
    shelves.set(name!, (shelves.get(name!) ?? new Set()).add(subcategory!));
  expect([...shelves].filter(([, subcategories]) => subcategories.size > 1)).toEqual([]);
});

it("has usage type prefixes only of regions that it knows", () => {
  const known = new Set(awsRegions.rows.map(([id]) => id));
  expect(awsUsageTypeRegions.rows.filter(([, region]) => !known.has(region))).toEqual([]);
});

import { findServiceCategory } from "@finops/focus/service-categories";
import { describe, expect, it } from "vitest";
import type { FactTable } from "../format.ts";
import { azureUnitBlocks, azureUnitWords } from "./pricing-units.ts";
import { azureRegions } from "./regions.ts";
import { azureServiceList } from "./service-list.ts";
import { azureMeterCategories, azureNamespaces, azureResourceTypes } from "./services.ts";

const find = (table: FactTable, key: string) => table.rows.find((row) => row[0] === key)?.slice(1);

describe("fact tables of Azure", () => {
  it.each([azureUnitBlocks, azureUnitWords, azureRegions, azureResourceTypes, azureMeterCategories, azureNamespaces])(
    "$name has every key once",
    (table) => {
      const keys = table.rows.map((row) => row[0]);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
      expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    },
  );

  it("knows at least 90 services, each with a category and subcategory of FOCUS", () => {
    expect(new Set(azureServiceList.map((service) => service.name)).size).toBeGreaterThanOrEqual(90);
    expect(azureServiceList.filter((service) => findServiceCategory(service.subcategory) !== service.category)).toEqual(
      [],
    );
  });

  it("finds a service by resource type, price list name and namespace", () => {
    expect(find(azureResourceTypes, "microsoft.compute/disks")).toEqual([
      "Disk",
      "Azure Managed Disks",
      "Storage",
      "Block Storage",
    ]);
    expect(find(azureMeterCategories, "log analytics")).toEqual([
      "Azure Monitor",
      "Management and Governance",
      "Observability",
    ]);
    expect(find(azureNamespaces, "microsoft.compute")).toEqual(["Virtual Machines", "Compute", "Virtual Machines"]);
    expect(find(azureNamespaces, "microsoft.network")).toEqual([
      "Virtual Network",
      "Networking",
      "Network Infrastructure",
    ]);
  });

  it("finds a region by all its spellings", () => {
    for (const key of ["westeurope", "euwest", "weu"])
      expect(find(azureRegions, key)).toEqual(["westeurope", "West Europe"]);
    expect(find(azureRegions, "useast2")).toEqual(["eastus2", "East US 2"]);
  });

  it("knows the FOCUS unit of what Azure counts, and what one of a block is", () => {
    expect(find(azureUnitWords, "gb/month")).toEqual(["GB-Months"]);
    expect(find(azureUnitWords, "/month")).toEqual(["Unit-Months"]);
    expect(find(azureUnitWords, "hours")).toEqual(["Hours"]);
    expect(find(azureUnitBlocks, "1")).toEqual(["1"]);
    expect(find(azureUnitBlocks, "100")).toEqual(["0.01"]);
    expect(find(azureUnitBlocks, "10000")).toEqual(["0.0001"]);
    expect(find(azureUnitBlocks, "60")).toEqual(["0.01666666666666666666666666"]);
  });
});

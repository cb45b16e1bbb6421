import type { CostCatalog } from "@finops/capabilities/costs/contract";

/** A measure by its name; one that the catalog does not know is shown by that name. */
export function measureOf(catalog: CostCatalog, name: string): CostCatalog["measures"][number] {
  return (
    catalog.measures.find((one) => one.name === name) ?? {
      name,
      label: name,
      unit: "money",
      about: "",
      additive: true,
    }
  );
}

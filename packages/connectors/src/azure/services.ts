import type { FactTable } from "../format.ts";
import { azureResourceTypeNames } from "./resource-type-names.ts";
import { azureServiceList } from "./service-list.ts";

const described = azureServiceList.map((service) => ({
  ...service,
  facts: [service.name, service.category, service.subcategory],
}));

/** By the type of the resource that was charged: the surest mark. */
export const azureResourceTypes: FactTable = {
  name: "azure_resource_types",
  columns: ["type_key", "type_name", "service", "category", "subcategory"],
  rows: described.flatMap((service) =>
    service.types.map((type) => [type, azureResourceTypeNames[type] ?? null, ...service.facts]),
  ),
};

/** By MeterCategory, the name of the service on the price list, in lower case. */
export const azureMeterCategories: FactTable = {
  name: "azure_meter_categories",
  columns: ["meter_key", "service", "category", "subcategory"],
  rows: described.flatMap((service) => service.meters.map((meter) => [meter.toLowerCase(), ...service.facts])),
};

/** By ConsumedService, the resource provider, in lower case: the service that comes first in the list takes what is not told apart. */
export const azureNamespaces: FactTable = {
  name: "azure_namespaces",
  columns: ["namespace_key", "service", "category", "subcategory"],
  rows: [...firstOfNamespace()].map(([namespace, facts]) => [namespace, ...facts]),
};

function firstOfNamespace(): Map<string, string[]> {
  const first = new Map<string, string[]>();
  for (const service of described) {
    for (const type of service.types) {
      const namespace = type.slice(0, type.indexOf("/"));
      if (!first.has(namespace)) first.set(namespace, service.facts);
    }
  }
  return first;
}

import type { FocusVersion } from "./column.ts";
import type { FocusColumnId } from "./columns.ts";

/** How the value of one column follows from another when a bill of one version is read into the columns of another. */
export interface ColumnMigration {
  readonly from: string;
  readonly to: FocusColumnId;
  /** The version that renamed, replaced or removed `from`, or that added `to`. */
  readonly version: FocusVersion;
  /** `renamed`: the same thing under a new name. `derived`: the best that the specification allows; marked on the row. */
  readonly certainty: "renamed" | "derived";
  readonly meaning: string;
}

/**
 * Migrations in order of trust: the first whose `from` the file has fills a `to` that the file lacks.
 *
 * Three parties, never to be mixed: who sells and makes a service (ServiceProviderName), whose infrastructure it runs on
 * (HostProviderName), who sends the invoice (InvoiceIssuerName). 1.3 put the first two in the place of ProviderName and
 * PublisherName. A publisher is a producer, so it must not become the host. A source before 1.3 does not show its
 * host, and for that case the specification takes the service provider as host.
 */
export const columnMigrations: readonly ColumnMigration[] = [
  {
    from: "ProviderName",
    to: "ServiceProviderName",
    version: "1.3",
    certainty: "renamed",
    meaning: "1.3 names ServiceProviderName as the replacement of ProviderName.",
  },
  {
    from: "ServiceProviderName",
    to: "ProviderName",
    version: "1.4",
    certainty: "renamed",
    meaning: "1.4 removed ProviderName in favour of ServiceProviderName.",
  },
  {
    from: "ServiceProviderName",
    to: "PublisherName",
    version: "1.4",
    certainty: "derived",
    meaning:
      "1.4 removed PublisherName. The service provider is the producer unless a reseller sells under its own label.",
  },
  {
    from: "ServiceProviderName",
    to: "HostProviderName",
    version: "1.3",
    certainty: "derived",
    meaning: "Where the host is not shown, it equals the service provider.",
  },
  {
    from: "ProviderName",
    to: "HostProviderName",
    version: "1.3",
    certainty: "derived",
    meaning: "A source before 1.3 shows no host; the provider stands in for it, never the publisher.",
  },
  {
    from: "AmortizedCost",
    to: "EffectiveCost",
    version: "1.0",
    certainty: "renamed",
    meaning: "Renamed in the preview of 1.0.",
  },
  {
    from: "ChargeType",
    to: "ChargeCategory",
    version: "1.0",
    certainty: "renamed",
    meaning: "Renamed in the preview of 1.0.",
  },
  {
    from: "UsageQuantity",
    to: "ConsumedQuantity",
    version: "1.0",
    certainty: "renamed",
    meaning: "Renamed in 1.0, and limited to usage rows.",
  },
  {
    from: "UsageUnit",
    to: "ConsumedUnit",
    version: "1.0",
    certainty: "renamed",
    meaning: "Renamed in 1.0, and limited to usage rows.",
  },
  {
    from: "Region",
    to: "RegionId",
    version: "1.0",
    certainty: "renamed",
    meaning: "Renamed in 1.0, when RegionName was added beside it.",
  },
];

/** The migrations that fill columns which a header lacks from columns that it has: one for each target. */
export function migrationsFor(header: readonly string[]): readonly ColumnMigration[] {
  const names = new Set(header);
  const filled = new Set<string>();
  return columnMigrations.filter((migration) => {
    if (!names.has(migration.from) || names.has(migration.to) || filled.has(migration.to)) return false;
    filled.add(migration.to);
    return true;
  });
}

/** PricingCategory values of the preview and what 1.0 made of them. */
export const previewPricingCategories: Readonly<Record<string, string>> = {
  "On-Demand": "Standard",
  "Commitment-Based": "Committed",
};

import { decimal, sum, zero } from "@finops/kernel/decimal";
import type { ImportReport } from "@finops/pipeline/import-report";
import type { ReconciliationStep } from "./contract.ts";

/** A version as the books keep it, with what the store answers for it. Amounts are of one currency. */
export interface KeptVersion {
  id: string;
  billingPeriod: string;
  published: { billedCost: string; effectiveCost: string };
  rows: number;
}

export interface StoredVersion {
  billedCost: string;
  effectiveCost: string;
  rows: number;
}

/** A delivery: its report, and all versions that came of it, whatever the figure reads of them. */
export interface Delivery {
  name: string;
  report: ImportReport;
  versions: readonly KeptVersion[];
}

export function step(
  claim: string,
  subject: string | null,
  left: ReconciliationStep["left"],
  right: ReconciliationStep["right"],
): ReconciliationStep {
  const difference = decimal(left.value).minus(decimal(right.value));
  return { claim, subject, left, right, difference: difference.toString(), holds: difference.isZero() };
}

/** What the store answers for whole versions against what was published of them, to the last digit. */
export function reconcileStore(
  name: string,
  versions: readonly KeptVersion[],
  stored: ReadonlyMap<string, StoredVersion>,
): ReconciliationStep[] {
  const total = (pick: (version: StoredVersion) => string) =>
    sum(versions.map(({ id }) => decimal(pick(stored.get(id) ?? nothing)))).toString();
  const published = (pick: (version: KeptVersion) => string) =>
    sum(versions.map((version) => decimal(pick(version)))).toString();
  const about = `${name}, ${versions.length === 1 ? "1 version" : `${versions.length} versions`}`;
  return [
    step(
      "The store holds the billed cost that was published",
      about,
      { label: "Sum of the store's rows", value: total((version) => version.billedCost) },
      { label: "Published", value: published((version) => version.published.billedCost) },
    ),
    step(
      "The store holds the effective cost that was published",
      about,
      { label: "Sum of the store's rows", value: total((version) => version.effectiveCost) },
      { label: "Published", value: published((version) => version.published.effectiveCost) },
    ),
  ];
}

const nothing: StoredVersion = { billedCost: "0", effectiveCost: "0", rows: 0 };

/** What was published of a delivery against the cost in its raw files, led over by each rule that moved cost. */
export function reconcileDelivery({ name, report, versions }: Delivery, currency: string): ReconciliationStep[] {
  const of = (amounts: Readonly<Record<string, string>>) => decimal(amounts[currency] ?? "0");
  const bridge = report.bridge.filter((rule) => !of(rule.cost).isZero());
  const moved = sum(bridge.map((rule) => of(rule.cost)));
  const rules = bridge.map((rule) => `${rule.rule} ${of(rule.cost).toString()}`).join(", ");
  const steps = [
    step(
      "The raw files' cost, with every rule that moved cost, is what was published",
      name,
      {
        label: `Raw cost ${of(report.rawCost).toString()}${rules === "" ? "" : `, ${rules}`}, rejected ${of(report.rejectedCost).negated().toString()}`,
        value: of(report.rawCost).plus(moved).minus(of(report.rejectedCost)).toString(),
      },
      { label: "Billed cost of the delivery", value: of(report.billedCost).toString() },
    ),
  ];
  // Of a delivery that counts for some of its months only, the others have no version.
  const periods = new Set(versions.map((version) => version.billingPeriod.slice(0, 7)));
  if (!report.periods.every((period) => periods.has(period))) return steps;
  return [
    ...steps,
    step(
      "The delivery's months add up to the delivery",
      name,
      {
        label: `Sum of its ${versions.length === 1 ? "version" : `${versions.length} versions`}`,
        value: versions.reduce((all, version) => all.plus(decimal(version.published.billedCost)), zero).toString(),
      },
      { label: "Billed cost of the delivery", value: of(report.billedCost).toString() },
    ),
  ];
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@finops/kernel/id";
import type { LakeRow } from "../testing/bill.ts";
import { runSpec, showRows } from "../testing/run-spec.ts";
import { testEngines } from "../testing/test-engines.ts";
import type { TestWarehouse } from "../testing/test-warehouse.ts";
import type { CostAnswer } from "./cost-query.ts";
import type { PinnedStore } from "./cost-store.ts";
import { querySpecs } from "./specs/query-specs.ts";
import type { QuerySpec } from "./specs/query-spec.ts";

describe.each(testEngines)("a cost query on %s", (_, open) => {
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await open();
  });
  afterAll(() => warehouse.close());

  /** Specs that ask the same bill share a company. */
  const published = new Map<readonly LakeRow[], Promise<{ tenantId: string; pinned: PinnedStore }>>();
  const publish = (bill: readonly LakeRow[]) => {
    const known = published.get(bill);
    if (known !== undefined) return known;
    const tenantId = newId();
    const made = warehouse.publish(tenantId, bill).then((pinned) => ({ tenantId, pinned }));
    published.set(bill, made);
    return made;
  };

  it.each(querySpecs.map((spec) => [spec.name, spec] as const))("%s", async (_name, spec) => {
    const { tenantId, pinned } = await publish(spec.bill);
    let tables = pinned;
    // The same from every table that can answer: each run takes away what the one before was read from.
    for (;;) {
      const answer = await runSpec(warehouse.store, tenantId, tables, spec);
      expectAnswer(answer, spec);
      expectAnswer(await runSpec(warehouse.store, tenantId, asIfLarge(tables), spec), spec);
      const droppable = answer.meta.tables.filter((table) => table !== "facts");
      if (droppable.length === 0) break;
      tables = without(tables, droppable);
    }
  });
});

function expectAnswer(answer: CostAnswer, spec: QuerySpec): void {
  if (spec.rows !== undefined) expect(showRows(answer.rows, spec.rows)).toEqual(spec.rows);
  if (spec.totals !== undefined)
    expect(
      showRows(
        answer.totals.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
        spec.totals,
      ),
    ).toEqual(spec.totals);
  if (spec.keptRows !== undefined)
    expect(answer.totals.reduce((sum, total) => sum + Number(total.values.rowCount!.value), 0)).toBe(spec.keptRows);
}

/** Months of many rows are grouped one by one, those of few are not. */
function asIfLarge(pinned: PinnedStore): PinnedStore {
  return {
    ...pinned,
    generations: pinned.generations.map(({ manifest, ...generation }) => {
      const tables = Object.entries(manifest.tables).map(([table, rows]) => [table, 1_000_000 + rows]);
      return { ...generation, manifest: { ...manifest, tables: Object.fromEntries(tables) } };
    }),
  };
}

function without(pinned: PinnedStore, tables: readonly string[]): PinnedStore {
  return {
    ...pinned,
    generations: pinned.generations.map((generation) => ({
      ...generation,
      manifest: {
        ...generation.manifest,
        tables: Object.fromEntries(
          Object.entries(generation.manifest.tables).filter(([name]) => !tables.includes(name)),
        ),
      },
    })),
  };
}

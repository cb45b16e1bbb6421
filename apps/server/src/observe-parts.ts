import type { Database } from "@finops/platform/db/database";
import type { Readings, Telemetry } from "@finops/platform/observe/telemetry";
import type { EngineRunner } from "@finops/pipeline/engine/engine-runner";
import type { CostStore } from "@finops/warehouse/query/cost-store";

/** A cost store whose statements are told with their time and rows. */
export function observeCosts(store: CostStore, telemetry: Telemetry, engine: string): CostStore {
  return {
    dialect: store.dialect,
    read: (tenantId, generations, statement, options) =>
      telemetry.span("cost query", { kind: "client", attributes: { engine, tenant: tenantId } }, async (span) => {
        const startedAt = performance.now();
        const rows = await store.read(tenantId, generations, statement, options);
        telemetry.record("finops.cost_query.seconds", (performance.now() - startedAt) / 1000, { engine });
        telemetry.add("finops.cost_query.rows", rows.length, { engine });
        span.set({ rows: rows.length });
        return rows;
      }),
  };
}

/** An engine whose tasks, the stages of an import, are told. */
export function observeEngine(engine: EngineRunner, telemetry: Telemetry): EngineRunner {
  return {
    run: (task, input, options) =>
      telemetry.span(`engine ${task}`, { kind: "client" }, () => engine.run(task, input, options)),
  };
}

interface StateRow {
  pool: string;
  kind: string;
  state: string;
  items: bigint;
  oldest_s: number;
}

/** What waits in the database of all companies, and how much this process asks of it. */
export function watchDatabase(db: Database, telemetry: Telemetry, connectionsMax: number): void {
  telemetry.watch(["finops.database.transactions", "finops.database.connections_max"], () =>
    Promise.resolve({
      "finops.database.transactions": [[db.underWay(), {}]],
      "finops.database.connections_max": [[connectionsMax, {}]],
    }),
  );
  telemetry.watch(["finops.queue.items", "finops.queue.oldest_seconds", "finops.outbox.items"], () =>
    db.inDirectory(async (tx) => {
      const queue = await tx.$queryRaw<StateRow[]>`select pool, kind, state, items, oldest_s from queue_state()`;
      const outbox = await tx.$queryRaw<Pick<StateRow, "state" | "items">[]>`select state, items from outbox_state()`;
      const of = (value: (row: StateRow) => number): Readings =>
        queue.map((row) => [value(row), { pool: row.pool, kind: row.kind, state: row.state }]);
      return {
        // Named where nothing waits as well, so that a scaler and an alert find a number.
        "finops.queue.items": [...none, ...of(({ items }) => Number(items))],
        "finops.queue.oldest_seconds": of((row) => row.oldest_s),
        "finops.outbox.items": outbox.map(({ state, items }) => [Number(items), { state }]),
      };
    }),
  );
}

const none: Readings = [[0, { pool: "none", kind: "none", state: "queued" }]];

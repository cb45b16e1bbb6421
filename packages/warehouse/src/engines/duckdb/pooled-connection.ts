import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from "@duckdb/node-api";
import { type TextRow, textRowsOf } from "./connection.ts";

/** Dashboards ask a few dozen different texts, whatever they filter by. */
const statementsMax = 64;

/**
 * A connection that keeps the statements it was asked: their values are bound anew, and the engine plans them once for it
 * instead of twice, first without the values and then with them.
 */
export class PooledConnection {
  readonly #connection: DuckDBConnection;
  /** In the order of last use. */
  readonly #statements = new Map<string, DuckDBPreparedStatement>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  async read(sql: string, args: readonly DuckDBValue[]): Promise<TextRow[]> {
    const statement = this.#statements.get(sql) ?? (await this.#connection.prepare(sql));
    this.#statements.delete(sql);
    // What fails is not kept: it is made anew when it is asked again.
    let isKept = false;
    try {
      statement.bind([...args]);
      const rows = await textRowsOf(await statement.run());
      this.#statements.set(sql, statement);
      isKept = true;
      return rows;
    } finally {
      if (!isKept) statement.destroySync();
      this.#dropOldest();
    }
  }

  /** Lets go of every statement that reads from a database, before that is detached. */
  forget(alias: string): void {
    for (const sql of this.#statements.keys()) if (sql.includes(`${alias}.`)) this.#drop(sql);
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  closeSync(): void {
    for (const sql of this.#statements.keys()) this.#drop(sql);
    this.#connection.closeSync();
  }

  #dropOldest(): void {
    for (const sql of this.#statements.keys()) {
      if (this.#statements.size <= statementsMax) return;
      this.#drop(sql);
    }
  }

  #drop(sql: string): void {
    this.#statements.get(sql)?.destroySync();
    this.#statements.delete(sql);
  }
}

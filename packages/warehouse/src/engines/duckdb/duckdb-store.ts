import { join, resolve, sep } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { CostStore, PinnedGeneration, ReadOptions, Statement, StoreRow } from "../../query/cost-store.ts";
import { engineError, textRows } from "./connection.ts";
import { duckdbDialect } from "./dialect.ts";
import { generationAlias } from "./generation-alias.ts";
import { literal } from "./sql-text.ts";

export interface DuckDBStoreOptions {
  /** Folder with one folder per tenant. */
  root: string;
  threads: number;
  memoryMb: number;
  /** Companies whose files stay open; the one unused for longest is closed first. */
  tenantsMax: number;
  /** Period files that stay attached per company. */
  generationsMax: number;
  timeoutMs: number;
}

/**
 * The embedded cost store. Every company has an instance of its own, locked onto its own folder: whatever SQL runs in it,
 * the engine opens no file of another company.
 */
export class DuckDBStore implements CostStore {
  readonly dialect = duckdbDialect;
  readonly #options: DuckDBStoreOptions;
  readonly #tenants = new Map<string, Promise<TenantEngine>>();

  constructor(options: DuckDBStoreOptions) {
    this.#options = options;
  }

  /** The folder of a company's period files. */
  tenantDir(tenantId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(tenantId)) throw new AppError("internal", "That is no company's id.", { internal: tenantId });
    return join(this.#options.root, tenantId);
  }

  async read(tenantId: string, generations: readonly PinnedGeneration[], statement: Statement, options: ReadOptions = {}): Promise<StoreRow[]> {
    const engine = await this.#engineOf(tenantId);
    return engine.read(generations, statement, { timeoutMs: this.#options.timeoutMs, ...options });
  }

  /** Closes a company's files, as before its folder is deleted. */
  async closeTenant(tenantId: string): Promise<void> {
    const engine = this.#tenants.get(tenantId);
    this.#tenants.delete(tenantId);
    await engine?.then((open) => open.close());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#tenants.keys()].map((tenantId) => this.closeTenant(tenantId)));
  }

  #engineOf(tenantId: string): Promise<TenantEngine> {
    const open = this.#tenants.get(tenantId);
    // Setting it again moves it to the end: the map's order is the order of last use.
    this.#tenants.delete(tenantId);
    const engine = open ?? TenantEngine.open(this.tenantDir(tenantId), this.#options);
    this.#tenants.set(tenantId, engine);
    engine.catch(() => this.#tenants.delete(tenantId));
    for (const [oldest] of this.#tenants) {
      if (this.#tenants.size <= this.#options.tenantsMax) break;
      void this.closeTenant(oldest);
    }
    return engine;
  }
}

/** One company's locked instance with its attached files and a few connections that are handed out in turn. */
class TenantEngine {
  readonly #instance: DuckDBInstance;
  readonly #control: DuckDBConnection;
  readonly #dir: string;
  readonly #options: DuckDBStoreOptions;
  readonly #attached = new Map<string, { readers: number; ready: Promise<void> }>();
  readonly #idle: DuckDBConnection[] = [];
  #running = 0;
  #closing = false;

  private constructor(instance: DuckDBInstance, control: DuckDBConnection, dir: string, options: DuckDBStoreOptions) {
    this.#instance = instance;
    this.#control = control;
    this.#dir = dir;
    this.#options = options;
  }

  static async open(dir: string, options: DuckDBStoreOptions): Promise<TenantEngine> {
    const instance = await DuckDBInstance.create(":memory:", { threads: String(options.threads), memory_limit: `${options.memoryMb}MB` });
    const control = await instance.connect();
    await control.run("SET TimeZone = 'UTC'");
    await control.run(`SET allowed_directories = [${literal(`${dir}${sep}`)}]`);
    await control.run("SET enable_external_access = false");
    await control.run("SET lock_configuration = true");
    return new TenantEngine(instance, control, dir, options);
  }

  async read(generations: readonly PinnedGeneration[], statement: Statement, options: ReadOptions & { timeoutMs: number }): Promise<StoreRow[]> {
    this.#running += 1;
    const ids = generations.map((generation) => generation.id);
    try {
      await Promise.all(generations.map((generation) => this.#attach(generation)));
      return await this.#run(statement, options);
    } catch (error) {
      throw engineError(error, statement.sql);
    } finally {
      for (const id of ids) this.#attached.get(id)!.readers -= 1;
      this.#running -= 1;
      await this.#detachUnused();
      if (this.#closing && this.#running === 0) this.#closeNow();
    }
  }

  /** Closes when the last running read has ended. */
  close(): void {
    this.#closing = true;
    if (this.#running === 0) this.#closeNow();
  }

  async #run(statement: Statement, { signal, timeoutMs }: ReadOptions & { timeoutMs: number }): Promise<StoreRow[]> {
    if (signal?.aborted === true) throw new AppError("precondition", "The query was cancelled.");
    const connection = this.#idle.pop() ?? (await this.#instance.connect());
    let isLate = false;
    const interrupt = () => connection.interrupt();
    const timer = setTimeout(() => {
      isLate = true;
      interrupt();
    }, timeoutMs);
    let isCancelled = false;
    const cancel = () => {
      isCancelled = true;
      interrupt();
    };
    signal?.addEventListener("abort", cancel);
    try {
      return await textRows(connection, statement.sql, [...statement.args]);
    } catch (error) {
      if (isLate) throw new AppError("limit", `The query took longer than ${Math.round(timeoutMs / 1000)} seconds and was stopped. Choose a shorter period or fewer groups.`);
      if (isCancelled) throw new AppError("precondition", "The query was cancelled.");
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      this.#idle.push(connection);
    }
  }

  async #attach(generation: PinnedGeneration): Promise<void> {
    const known = this.#attached.get(generation.id);
    if (known !== undefined) {
      known.readers += 1;
      this.#attached.delete(generation.id);
      this.#attached.set(generation.id, known);
      return known.ready;
    }
    const path = resolve(this.#dir, generation.storePath);
    if (!path.startsWith(`${this.#dir}${sep}`)) throw new AppError("internal", "A period's file lies outside its company's folder.", { internal: path });
    const ready = this.#control.run(`ATTACH ${literal(path)} AS ${generationAlias(generation.id)} (READ_ONLY)`).then(() => undefined);
    this.#attached.set(generation.id, { readers: 1, ready });
    return ready;
  }

  async #detachUnused(): Promise<void> {
    for (const [id, file] of this.#attached) {
      if (this.#attached.size <= this.#options.generationsMax) return;
      if (file.readers > 0) continue;
      this.#attached.delete(id);
      await this.#control.run(`DETACH ${generationAlias(id)}`);
    }
  }

  #closeNow(): void {
    for (const connection of this.#idle) connection.closeSync();
    this.#control.closeSync();
    this.#instance.closeSync();
  }
}

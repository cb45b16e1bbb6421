import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import type { CostStore, PinnedGeneration, ReadOptions, Statement, StoreRow } from "../../query/cost-store.ts";
import { duckdbDialect } from "./dialect.ts";
import { TenantEngine } from "./tenant-engine.ts";

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

  /** The folder with a folder of each company. */
  get root(): string {
    return this.#options.root;
  }

  /** The folder of a company's period files. */
  tenantDir(tenantId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(tenantId))
      throw new AppError("internal", "That is no company's id.", { internal: tenantId });
    return join(this.#options.root, tenantId);
  }

  async read(
    tenantId: string,
    generations: readonly PinnedGeneration[],
    statement: Statement,
    options: ReadOptions = {},
  ): Promise<StoreRow[]> {
    const engine = await this.#engineOf(tenantId);
    return engine.read(generations, statement, { timeoutMs: this.#options.timeoutMs, ...options });
  }

  /** Closes a company's files, as before its folder is deleted; returns when its last read has ended. */
  async closeTenant(tenantId: string): Promise<void> {
    const engine = this.#tenants.get(tenantId);
    this.#tenants.delete(tenantId);
    await engine?.then(
      (open) => open.close(),
      // It never opened: who asked for it was told why.
      () => undefined,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#tenants.keys()].map((tenantId) => this.closeTenant(tenantId)));
  }

  #engineOf(tenantId: string): Promise<TenantEngine> {
    const engine = this.#tenants.get(tenantId) ?? this.#open(tenantId);
    // Setting it again moves it to the end: the map's order is the order of last use.
    this.#tenants.delete(tenantId);
    this.#tenants.set(tenantId, engine);
    for (const [oldest] of this.#tenants) {
      if (this.#tenants.size <= this.#options.tenantsMax) break;
      void this.closeTenant(oldest);
    }
    return engine;
  }

  #open(tenantId: string): Promise<TenantEngine> {
    const engine = TenantEngine.open(this.tenantDir(tenantId), this.#options);
    engine.catch(() => {
      if (this.#tenants.get(tenantId) === engine) this.#tenants.delete(tenantId);
    });
    return engine;
  }
}

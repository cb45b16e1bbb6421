import { resolve, sep } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { PinnedGeneration, ReadOptions, Statement, StoreRow } from "../../query/cost-store.ts";
import { engineError } from "./connection.ts";
import { generationAlias } from "./generation-alias.ts";
import { PooledConnection } from "./pooled-connection.ts";
import { literal } from "./sql-text.ts";

export interface TenantEngineOptions {
  threads: number;
  memoryMb: number;
  generationsMax: number;
}

interface AttachedFile {
  readers: number;
  ready: Promise<void>;
}

/** One company's locked instance with its attached files and a few connections that are handed out in turn. */
export class TenantEngine {
  readonly #instance: DuckDBInstance;
  readonly #control: DuckDBConnection;
  readonly #dir: string;
  readonly #options: TenantEngineOptions;
  /** In the order of last use. */
  readonly #attached = new Map<string, AttachedFile>();
  readonly #connections: PooledConnection[] = [];
  readonly #idle: PooledConnection[] = [];
  /** Attaching and detaching happen one after the other: run at once, a file could be attached before it is detached. */
  #controlQueue: Promise<unknown> = Promise.resolve();
  #running = 0;
  #closing: Promise<void> | null = null;
  #whenIdle: () => void = () => undefined;

  private constructor(instance: DuckDBInstance, control: DuckDBConnection, dir: string, options: TenantEngineOptions) {
    this.#instance = instance;
    this.#control = control;
    this.#dir = dir;
    this.#options = options;
  }

  static async open(dir: string, options: TenantEngineOptions): Promise<TenantEngine> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads),
      memory_limit: `${options.memoryMb}MB`,
    });
    const control = await instance.connect();
    // The zone is a setting of each connection; set globally, those that open later have it too.
    await control.run("SET GLOBAL TimeZone = 'UTC'");
    await control.run(`SET allowed_directories = [${literal(`${dir}${sep}`)}]`);
    await control.run("SET enable_external_access = false");
    await control.run("SET lock_configuration = true");
    return new TenantEngine(instance, control, dir, options);
  }

  async read(
    generations: readonly PinnedGeneration[],
    statement: Statement,
    options: ReadOptions & { timeoutMs: number },
  ): Promise<StoreRow[]> {
    this.#running += 1;
    const held: AttachedFile[] = [];
    try {
      for (const generation of generations) held.push(this.#hold(generation));
      await Promise.all(held.map((file) => file.ready));
      return await this.#run(statement, options);
    } catch (error) {
      throw engineError(error, statement.sql);
    } finally {
      for (const file of held) file.readers -= 1;
      this.#detachUnused();
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle();
    }
  }

  /** Returns when the last running read has ended and every file is closed. No read may begin after it. */
  close(): Promise<void> {
    this.#closing ??= new Promise<void>((resolveIdle) => {
      this.#whenIdle = resolveIdle;
      if (this.#running === 0) resolveIdle();
    })
      .then(() => this.#controlQueue)
      .then(() => {
        for (const connection of [...this.#connections, this.#control]) connection.closeSync();
        this.#instance.closeSync();
      });
    return this.#closing;
  }

  async #run(statement: Statement, { signal, timeoutMs }: ReadOptions & { timeoutMs: number }): Promise<StoreRow[]> {
    if (signal?.aborted === true) throw new AppError("precondition", "The query was cancelled.");
    const connection = this.#idle.pop() ?? (await this.#connect());
    let stopped: AppError | null = null;
    let again: NodeJS.Timeout | undefined;
    const stop = (reason: AppError) => {
      stopped ??= reason;
      connection.interrupt();
      // An interrupt before the statement has begun, as when it waits for a thread, is forgotten; so it is said again.
      again ??= setInterval(() => connection.interrupt(), 20);
    };
    const timer = setTimeout(
      () =>
        stop(
          new AppError(
            "limit",
            `The query took longer than ${Math.round(timeoutMs / 1000)} seconds and was stopped. Choose a shorter period or fewer groups.`,
          ),
        ),
      timeoutMs,
    );
    const cancel = () => stop(new AppError("precondition", "The query was cancelled."));
    signal?.addEventListener("abort", cancel);
    try {
      return await connection.read(statement.sql, statement.args);
    } catch (error) {
      throw stopped ?? error;
    } finally {
      clearTimeout(timer);
      clearInterval(again);
      signal?.removeEventListener("abort", cancel);
      this.#idle.push(connection);
    }
  }

  async #connect(): Promise<PooledConnection> {
    const connection = new PooledConnection(await this.#instance.connect());
    this.#connections.push(connection);
    return connection;
  }

  /** The file of a generation, attached once for all that read it at the same time. */
  #hold(generation: PinnedGeneration): AttachedFile {
    const file = this.#attached.get(generation.id) ?? { readers: 0, ready: this.#attach(generation) };
    file.readers += 1;
    this.#attached.delete(generation.id);
    this.#attached.set(generation.id, file);
    return file;
  }

  #attach({ id, storePath }: PinnedGeneration): Promise<void> {
    const path = resolve(this.#dir, storePath);
    if (!path.startsWith(`${this.#dir}${sep}`))
      throw new AppError("internal", "A period's file lies outside its company's folder.", { internal: path });
    const ready = this.#inTurn(`ATTACH ${literal(path)} AS ${generationAlias(id)} (READ_ONLY)`);
    // The next read tries again, as the file may be there then.
    ready.catch(() => this.#attached.delete(id));
    return ready;
  }

  #detachUnused(): void {
    for (const [id, file] of this.#attached) {
      if (this.#attached.size <= this.#options.generationsMax) return;
      if (file.readers > 0) continue;
      this.#attached.delete(id);
      for (const connection of this.#connections) connection.forget(generationAlias(id));
      // A file that stays attached would make the next ATTACH fail, and that one is reported.
      this.#inTurn(`DETACH ${generationAlias(id)}`).catch(() => undefined);
    }
  }

  #inTurn(sql: string): Promise<void> {
    const done = this.#controlQueue.then(async () => void (await this.#control.run(sql)));
    this.#controlQueue = done.catch(() => undefined);
    return done;
  }
}

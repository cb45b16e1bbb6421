import { Admission, type AdmissionLimits } from "./admission.ts";
import type {
  CostAnswer,
  CostQuery,
  CostRowsAnswer,
  CostRowsQuery,
  CostValuesAnswer,
  CostValuesQuery,
} from "./cost-query.ts";
import type { CostAccess, CostStore, PinnedStore, ReadOptions } from "./cost-store.ts";
import { ResultCache, type SharedAnswers } from "./result-cache.ts";
import { runQuery } from "./run-query.ts";
import { runRowsQuery } from "./run-rows-query.ts";
import { runValuesQuery } from "./run-values-query.ts";

type AnyQuery = CostQuery | CostRowsQuery | CostValuesQuery;

export interface CostReaderLimits extends AdmissionLimits {
  cacheBytesMax: number;
}

export interface CostReaderOptions {
  limits: Partial<CostReaderLimits>;
  /** How many processes ask the store, this one among them. */
  processes: () => number;
  /** Told of each answer, and whether it was known already. */
  noteAnswer: (fromCache: boolean) => void;
  shared: SharedAnswers | null;
  /**
   * False where a request may be cut off at any moment and whoever waits for it waits for ever, as in a Worker. Then each works its
   * question out for itself, and the store alone bounds how many run.
   */
  waitsForOthers: boolean;
}

const defaults: CostReaderLimits = {
  runningMax: 4,
  runningPerTenantMax: 3,
  // 50 people who open a dashboard of eight queries at the same moment wait; only what nobody would wait for is refused.
  waitingPerTenantMax: 1000,
  cacheBytesMax: 64 * 1024 * 1024,
};

/** The door to a store: answers what was asked before from memory, and lets only so many other queries run at once. */
export class CostReader {
  readonly #store: CostStore;
  readonly #admission: Pick<Admission, "run">;
  readonly #cache: ResultCache;
  readonly #noteAnswer: (fromCache: boolean) => void;

  constructor(
    store: CostStore,
    {
      limits = {},
      processes = () => 1,
      noteAnswer = () => undefined,
      shared = null,
      waitsForOthers = true,
    }: Partial<CostReaderOptions> = {},
  ) {
    this.#noteAnswer = noteAnswer;
    const all = { ...defaults, processes, ...limits };
    this.#store = store;
    this.#admission = waitsForOthers ? new Admission(all) : atOnce;
    this.#cache = new ResultCache({ bytesMax: all.cacheBytesMax, shared, waitsForOthers });
  }

  query(access: CostAccess, pinned: PinnedStore, query: CostQuery, options: ReadOptions = {}): Promise<CostAnswer> {
    return this.#answer(access, pinned, query, options, (inside) =>
      runQuery(this.#store, access, pinned, query, inside),
    );
  }

  rows(
    access: CostAccess,
    pinned: PinnedStore,
    query: CostRowsQuery,
    options: ReadOptions = {},
  ): Promise<CostRowsAnswer> {
    return this.#answer(access, pinned, query, options, (inside) =>
      runRowsQuery(this.#store, access, pinned, query, inside),
    );
  }

  /** Page after page of rows, which are not kept in memory: for downloads, which read each page once. */
  async *rowPages(
    access: CostAccess,
    pinned: PinnedStore,
    query: CostRowsQuery,
    { signal, ...options }: ReadOptions = {},
  ): AsyncGenerator<CostRowsAnswer> {
    let cursor = query.cursor;
    do {
      const page = { ...query, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await this.#admission.run(
        access.tenantId,
        () =>
          runRowsQuery(this.#store, access, pinned, page, { ...options, ...(signal === undefined ? {} : { signal }) }),
        signal ?? new AbortController().signal,
      );
      yield answer;
      cursor = answer.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  values(
    access: CostAccess,
    pinned: PinnedStore,
    query: CostValuesQuery,
    options: ReadOptions = {},
  ): Promise<CostValuesAnswer> {
    return this.#answer(access, pinned, query, options, (inside) =>
      runValuesQuery(this.#store, access, pinned, query, inside),
    );
  }

  async #answer<T extends { meta: { fromCache: boolean } }>(
    access: CostAccess,
    pinned: PinnedStore,
    query: AnyQuery,
    { signal, ...options }: ReadOptions,
    run: (options: ReadOptions) => Promise<T>,
  ): Promise<T> {
    const compute = (inside: AbortSignal) =>
      this.#admission.run(access.tenantId, () => run({ ...options, signal: inside }), inside);
    const { value, fromCache } = await this.#cache.get(keyOf(access, pinned, query), compute, signal);
    this.#noteAnswer(fromCache);
    return { ...value, meta: { ...value.meta, fromCache } };
  }
}

const atOnce: Pick<Admission, "run"> = { run: (_, work) => work() };

/** What an answer depends on. A day to look back from is left out: the position that it led to is in. */
function keyOf(access: CostAccess, pinned: PinnedStore, query: AnyQuery): string {
  const { asOf: _, ...rest } = query;
  return JSON.stringify([
    access.tenantId,
    pinned.position,
    pinned.generations.map((generation) => generation.id),
    access.rowFilter ?? null,
    sorted(rest),
  ]);
}

/** The same request written in another order is the same question. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

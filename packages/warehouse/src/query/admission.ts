import { AppError } from "@finops/kernel/app-error";

export interface AdmissionLimits {
  /** Queries that run at once. They share the cores, so more of them make each slower and none sooner done. */
  runningMax: number;
  /** Of which one company may have so many. */
  runningPerTenantMax: number;
  waitingPerTenantMax: number;
  /** How many processes let queries run beside each other on the same store, this one among them. Left out, it is alone. */
  processes?: () => number;
}

/** So long after its last query a company still counts as one that asks. */
const asksForMs = 10_000;

interface Waiting {
  start(): void;
}

/**
 * Lets a bounded number of queries run. Each company has a queue of its own, and they take turns. Where others ask too, what
 * one company may have at once is shared among the processes, or it would have as many times more as there are of them.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  /** Companies with queries that wait, in the order of their turns. */
  readonly #queues = new Map<string, Waiting[]>();
  readonly #running = new Map<string, number>();
  #runningAll = 0;
  /** The company that asked last, and the last other one. */
  #asked: { tenantId: string; atMs: number }[] = [];
  readonly #nowMs: () => number;

  constructor(limits: AdmissionLimits, nowMs = () => performance.now()) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** Runs the work when it is its turn. Throws `limit` when too much waits already, and `precondition` when cancelled before. */
  async run<T>(tenantId: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(tenantId, signal);
    try {
      return await work();
    } finally {
      this.#count(tenantId, -1);
      this.#startNext();
    }
  }

  #enter(tenantId: string, signal: AbortSignal | undefined): Promise<void> {
    this.#asked = [{ tenantId, atMs: this.#nowMs() }, ...this.#asked.filter((one) => one.tenantId !== tenantId)].slice(
      0,
      2,
    );
    const queue = this.#queues.get(tenantId) ?? [];
    if (queue.length >= this.#limits.waitingPerTenantMax)
      throw new AppError("limit", "Too many queries of your company are waiting. Try again in a moment.");
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#leave(tenantId, waiting);
        reject(new AppError("precondition", "The query was cancelled."));
      };
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", cancel);
          this.#count(tenantId, 1);
          resolve();
        },
      };
      if (signal?.aborted === true) return cancel();
      signal?.addEventListener("abort", cancel);
      queue.push(waiting);
      this.#queues.set(tenantId, queue);
      this.#startNext();
    });
  }

  #startNext(): void {
    for (const [tenantId, queue] of this.#queues) {
      if (this.#runningAll >= this.#limits.runningMax) return;
      if ((this.#running.get(tenantId) ?? 0) >= this.#shareOf(tenantId)) continue;
      const next = queue.shift()!;
      // Whoever had a turn goes to the end.
      this.#queues.delete(tenantId);
      if (queue.length > 0) this.#queues.set(tenantId, queue);
      next.start();
    }
  }

  #shareOf(tenantId: string): number {
    const { runningPerTenantMax, processes } = this.#limits;
    const other = this.#asked.find((one) => one.tenantId !== tenantId);
    if (processes === undefined || other === undefined || this.#nowMs() - other.atMs > asksForMs)
      return runningPerTenantMax;
    return Math.ceil(runningPerTenantMax / Math.max(1, processes()));
  }

  #leave(tenantId: string, waiting: Waiting): void {
    const left = (this.#queues.get(tenantId) ?? []).filter((one) => one !== waiting);
    if (left.length === 0) this.#queues.delete(tenantId);
    else this.#queues.set(tenantId, left);
  }

  #count(tenantId: string, by: 1 | -1): void {
    this.#runningAll += by;
    const running = (this.#running.get(tenantId) ?? 0) + by;
    if (running === 0) this.#running.delete(tenantId);
    else this.#running.set(tenantId, running);
  }
}

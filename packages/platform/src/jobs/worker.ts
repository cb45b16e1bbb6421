import { AppError } from "@finops/kernel/app-error";
import type { Database } from "../db/database.ts";
import type { Prisma } from "../db/generated/client.ts";
import { diskFullError } from "@finops/kernel/disk-full";
import type { Logger } from "../observe/log.ts";
import { inRequestScope } from "../observe/request-scope.ts";
import { noTelemetry, type Telemetry } from "../observe/telemetry.ts";
import { createBell } from "./bell.ts";
import {
  type Claim,
  claimNext,
  complete,
  fail,
  heartbeat,
  markCancelled,
  release,
  requeueExpired,
} from "./work-items.ts";

/** One run of a handler. */
export interface Job {
  claim: Claim;
  /** Aborted when the work is cancelled, was lost to another worker, or this process stops. */
  signal: AbortSignal;
  /** Kept and sent with the next heartbeat; cheap enough to call for every batch of rows. */
  reportProgress(progress: Prisma.InputJsonValue): void;
  /**
   * Has something done once the result is stored, such as taking away what the work was given: before, whoever does the work
   * anew after a crash needs it. Not done when the work failed or went to another worker.
   */
  afterwards(tidy: () => Promise<void>): void;
}

/** Does the work and returns its result. It should look at the signal often and throw `signal.reason` when it is aborted. */
export type JobHandler = (job: Job) => Promise<Prisma.InputJsonValue | undefined>;

export interface WorkerOptions {
  db: Database;
  log: Logger;
  /** Left out, nobody looks. */
  telemetry?: Telemetry;
  /** Names this process in the items that it holds. */
  name: string;
  pool: string;
  /** By kind of work item. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** How many items run at a time in this process. */
  concurrency?: number;
  /** How many items of one company run at a time in the pool. */
  tenantMax?: number;
  leaseMs?: number;
  heartbeatMs?: number;
  /** How soon work is found when its notice was lost. */
  pollMs?: number;
}

export interface Worker {
  /** Takes no more work, waits `graceMs` for what runs, then aborts it and gives it back to the queue. */
  stop(options?: { graceMs?: number }): Promise<void>;
}

type AbortCause = "cancelled" | "lost" | "stopping";

/** Starts serving a pool. Woken by PostgreSQL's notices, with a poll behind them. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, log, name, pool, concurrency = 1, tenantMax = 2, leaseMs = 30_000, pollMs = 2_000 } = options;
  const running = new Map<Promise<void>, AbortController>();
  const bell = createBell();
  let isStopping = false;

  const stopListening = await db.listen("work_item", (noticedPool) => {
    if (noticedPool === pool) bell.ring();
  });

  async function fillSlots(): Promise<void> {
    await requeueExpired(db);
    while (!isStopping && running.size < concurrency) {
      const claim = await claimNext(db, { pool, worker: name, leaseMs, tenantMax });
      if (claim === null) return;
      const abort = new AbortController();
      const job = observeJob(options, claim, abort, leaseMs).finally(() => {
        running.delete(job);
        bell.ring();
      });
      running.set(job, abort);
    }
  }

  async function serve(): Promise<void> {
    while (!isStopping) {
      await fillSlots().catch((error: unknown) =>
        log.error({ err: error, pool }, "work could not be claimed; trying again"),
      );
      if (!isStopping) await bell.wait(pollMs);
    }
  }

  const serving = serve();
  return {
    async stop({ graceMs = 5_000 } = {}) {
      isStopping = true;
      bell.ring();
      stopListening();
      await serving;
      await settleWithin([...running.keys()], graceMs);
      for (const abort of running.values()) abort.abort(abortError("stopping"));
      await Promise.all(running.keys());
    },
  };
}

/** Runs one item as what the request wanted that queued it. */
async function observeJob(
  options: WorkerOptions,
  claim: Claim,
  abort: AbortController,
  leaseMs: number,
): Promise<void> {
  const { telemetry = noTelemetry, pool } = options;
  const { kind, tenantId, attempts, requestId, traceparent } = claim;
  const startedAt = performance.now();
  const attributes = { "work.kind": kind, "work.pool": pool, "work.attempt": attempts, "work.id": claim.id };
  await inRequestScope({ requestId: requestId ?? claim.id, route: kind }, () =>
    telemetry.span(
      `work ${kind}`,
      {
        kind: "consumer",
        attributes: { ...attributes, tenant: tenantId, ...(requestId === null ? {} : { request_id: requestId }) },
        root: { link: traceparent },
      },
      async (span) => {
        const outcome = await runJob(options, claim, abort, leaseMs);
        span.set({ "work.outcome": outcome });
        telemetry.record("finops.work.seconds", (performance.now() - startedAt) / 1000, { kind, outcome });
      },
    ),
  );
}

/** How an item ended: `unstored` where the database took no outcome, so that it is done again. */
type Ended = "done" | "failed" | AbortCause | "unstored";

/** Runs one item to its end. Never rejects: what goes wrong is stored in the item or logged. */
async function runJob(options: WorkerOptions, claim: Claim, abort: AbortController, leaseMs: number): Promise<Ended> {
  const { db, heartbeatMs = 1_000 } = options;
  const log = options.log.child({ workItem: claim.id, kind: claim.kind, tenant: claim.tenantId });
  let progress: Prisma.InputJsonValue | undefined;
  let leaseEndsAt = performance.now() + leaseMs;

  async function beat(): Promise<void> {
    const sentAt = performance.now();
    try {
      const answer = await heartbeat(db, claim, { leaseMs, ...(progress !== undefined && { progress }) });
      leaseEndsAt = sentAt + leaseMs;
      if (!answer.stillOwner) abort.abort(abortError("lost"));
      else if (answer.cancelRequested) abort.abort(abortError("cancelled"));
    } catch (error) {
      log.warn({ err: error }, "a heartbeat failed");
      // Past its lease the item may run elsewhere, whether the database answers us or not.
      if (performance.now() > leaseEndsAt) abort.abort(abortError("lost"));
    }
  }

  let beating: Promise<void> = Promise.resolve();
  let isBeating = false;
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    beating = beat().finally(() => (isBeating = false));
  }, heartbeatMs);

  const tidying: (() => Promise<void>)[] = [];
  const job: Job = {
    claim,
    signal: abort.signal,
    reportProgress: (report) => (progress = report),
    afterwards: (tidy) => void tidying.push(tidy),
  };
  let outcome: Outcome;
  try {
    outcome = { result: (await findHandler(options, claim)(job)) ?? {} };
  } catch (error) {
    outcome = { error };
  }
  clearInterval(timer);
  await beating;
  try {
    // The last progress is what people see beside the result.
    if (!abort.signal.aborted && progress !== undefined) await beat();
    await store(db, claim, outcome, abort.signal);
    if ("error" in outcome && !abort.signal.aborted) log.error({ err: outcome.error }, "work failed");
  } catch (error) {
    // The lease runs out by itself, and the item is then taken up again.
    log.error({ err: error }, "the outcome of the work could not be stored");
    return "unstored";
  }
  if ("error" in outcome) return abort.signal.aborted ? causeOf(abort.signal) : "failed";
  for (const tidy of tidying)
    await tidy().catch((error: unknown) => log.warn({ err: error }, "what the work was given could not be taken away"));
  return "done";
}

type Outcome = { result: Prisma.InputJsonValue } | { error: unknown };

async function store(db: Database, claim: Claim, outcome: Outcome, signal: AbortSignal): Promise<void> {
  const abortCause = signal.aborted ? causeOf(signal) : null;
  // What was done before the wish to cancel arrived is done.
  if ("result" in outcome) return db.inTenant(claim.tenantId, (tx) => complete(tx, claim, outcome.result));
  if (abortCause === "lost") return;
  if (abortCause === "cancelled") return db.inTenant(claim.tenantId, (tx) => markCancelled(tx, claim));
  if (abortCause === "stopping") return db.inTenant(claim.tenantId, (tx) => release(tx, claim));
  return db.inTenant(claim.tenantId, (tx) => fail(tx, claim, describeError(outcome.error)));
}

function causeOf(signal: AbortSignal): AbortCause {
  return (signal.reason as Error & { cause: AbortCause }).cause;
}

/** What a person sees of an error: the sentence of an AppError, and nothing of a defect's inside. */
function describeError(thrown: unknown): Prisma.InputJsonObject {
  const error = diskFullError(thrown) ?? thrown;
  if (error instanceof AppError)
    return { code: error.code, message: error.message, facts: error.facts as Prisma.InputJsonObject };
  return {
    code: "internal",
    message: "The work failed because of a defect of the program. The log has the details.",
    facts: {},
  };
}

function findHandler(options: WorkerOptions, claim: Claim): JobHandler {
  const handler = Object.hasOwn(options.handlers, claim.kind) ? options.handlers[claim.kind] : undefined;
  if (!handler) throw new AppError("internal", `This version of the program does not know the work "${claim.kind}".`);
  return handler;
}

function abortError(cause: AbortCause): Error {
  const sentences: Record<AbortCause, string> = {
    cancelled: "The work was cancelled.",
    lost: "The work was taken over by another worker.",
    stopping: "The program is stopping.",
  };
  return new DOMException(sentences[cause], { name: "AbortError", cause });
}

async function settleWithin(jobs: Promise<void>[], graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
  await Promise.race([Promise.all(jobs), grace]);
  clearTimeout(timer);
}

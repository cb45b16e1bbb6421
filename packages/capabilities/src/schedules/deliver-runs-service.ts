import { AppError } from "@finops/kernel/app-error";
import { findMemberAccess } from "@finops/platform/access/list-access";
import type { Tx } from "@finops/platform/db/database";
import { Prisma, type ScheduleDelivery } from "@finops/platform/db/generated/client";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import { isWithin } from "@finops/warehouse/query/filter-within";
import { attemptsMax, type ReportMessage, sendReport, takenMs, waitMs } from "../alerts/index.ts";
import { readContent } from "./sent-content.ts";

/** Sends what lies in the outbox and whose time has come, one after the other, each by the same id however often it is tried. */
export async function deliverRuns(ctx: Context, signal?: AbortSignal): Promise<{ sent: number; failed: number }> {
  const done = { sent: 0, failed: 0 };
  for (;;) {
    signal?.throwIfAborted();
    const taken = await ctx.inTenant((tx) => takeNext(tx, ctx.host.clock.now()));
    if (taken === null) return done;
    const failure = await attempt(ctx, taken, signal);
    // Who is stopped says nothing of the receiver: it comes again when its time is over.
    signal?.throwIfAborted();
    await ctx.inTenant((tx) => keepOutcome(tx, ctx, taken, failure));
    if (failure === null) done.sent += 1;
    else done.failed += 1;
  }
}

async function takeNext(tx: Tx, now: Date): Promise<ScheduleDelivery | null> {
  const [next] = await tx.$queryRaw<{ id: string }[]>`
    select id::text from schedule_delivery
    where tenant_id = current_tenant() and state = 'queued' and next_at <= ${now}
    order by next_at, id limit 1 for update skip locked`;
  if (next === undefined) return null;
  return tx.scheduleDelivery.update({
    where: { id: next.id },
    data: { attempts: { increment: 1 }, nextAt: new Date(now.getTime() + takenMs) },
  });
}

/** Null when it arrived. */
async function attempt(
  ctx: Context,
  { id, runId, personId, channelId }: ScheduleDelivery,
  signal?: AbortSignal,
): Promise<AppError | null> {
  const run = await ctx.inTenant((tx) => tx.scheduleRun.findFirstOrThrow({ where: { id: runId } }));
  const report = readContent(run.content);
  try {
    if (channelId !== null) await sendReport(ctx, channelId, { id, report }, signal);
    else await sendToPerson(ctx, personId!, { id, report, scope: run.scope as CostFilter | null });
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** To who still belongs to the company and sees all the costs that it tells of: nobody learns more by a mail than by asking. */
async function sendToPerson(
  ctx: Context,
  personId: string,
  { id, report, scope }: { id: string; report: ReportMessage; scope: CostFilter | null },
): Promise<void> {
  const { clock, mail } = ctx.host;
  const found = await ctx.inTenant(async (tx) => {
    const access = await findMemberAccess(tx, clock.now(), personId);
    if (access === null) return null;
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: personId }, select: { email: true } });
    return { access, email };
  });
  if (found === null) throw final("This person does not belong to the company any more.");
  const own = found.access.rowFilters.get("costs:read") ?? null;
  if (!found.access.permissions.has("costs:read") || !isWithin(scope, own as CostFilter | null))
    throw final("It tells of costs that this person may not see.");
  const { title: subject, text, html, attachments } = report;
  await mail.send({ to: found.email, subject, text, html, attachments, id });
}

function final(sentence: string): AppError {
  return new AppError("forbidden", sentence, { facts: { isFinal: true } });
}

async function keepOutcome(
  tx: Tx,
  ctx: Context,
  { id, runId, attempts }: ScheduleDelivery,
  failure: AppError | null,
): Promise<void> {
  const now = ctx.host.clock.now();
  const isDead = failure !== null && (failure.facts["isFinal"] === true || attempts >= attemptsMax);
  await tx.scheduleDelivery.updateMany({
    where: { id },
    data:
      failure === null
        ? { state: "sent", sentAt: now, problem: null }
        : {
            problem: failure.message,
            ...(isDead ? { state: "dead" } : { nextAt: new Date(now.getTime() + waitMs(attempts, failure)) }),
          },
  });
  if (failure === null || isDead) await endRun(tx, runId, now);
}

/** What was sent is kept no longer than until everybody has it: a report has its run, and a view its history. */
async function endRun(tx: Tx, runId: string, now: Date): Promise<void> {
  // Two who end their parts at once: the second waits, and sees what the first left.
  await tx.$queryRaw`select id::text from schedule_run where id = ${runId}::uuid for update`;
  const all = await tx.scheduleDelivery.findMany({ where: { runId }, select: { state: true } });
  if (all.some(({ state }) => state === "queued")) return;
  const sent = all.filter(({ state }) => state === "sent").length;
  const state = sent === all.length ? "sent" : sent === 0 ? "failed" : "partly";
  await tx.scheduleRun.updateMany({ where: { id: runId }, data: { state, endedAt: now, content: Prisma.DbNull } });
}

import { AppError } from "@finops/kernel/app-error";
import { formatInstant } from "@finops/kernel/format-day";
import { newId } from "@finops/kernel/id";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReportMessage } from "../alerts/index.ts";
import { accessOf } from "../costs/index.ts";
import type { Exporter } from "../exports/index.ts";
import { figureLines, oneLine, type ReportDocument } from "./document.ts";
import { filesOf } from "./mail-files.ts";
import { chartId, mailHtml } from "./mail-html.ts";
import { mailText } from "./mail-text.ts";
import { ownerContext } from "./owner-service.ts";
import { pauseForOwner } from "./pause-service.ts";
import type { Printer } from "./printer.ts";
import { type Told, tellSubject } from "./subject-service.ts";
import { keepContent } from "./sent-content.ts";
import type { TakenRun } from "./take-run-service.ts";
import type { ToldGroups } from "./told-table.ts";

export interface MakingParts {
  reader: CostReader;
  exporter: Exporter;
  printer: Printer;
}

const attemptsMax = 3;
/** A time that is so long ago is said to be late. */
const lateMs = 3_600_000;

/**
 * Works out what a run tells, as its owner sees it at this moment, and puts it into the outbox in one transaction. An owner who
 * may not see it any more has their schedule paused; what cannot be told otherwise is the run's problem.
 */
export async function makeRun(ctx: Context, parts: MakingParts, taken: TakenRun, signal?: AbortSignal): Promise<void> {
  const { run, schedule, definition } = taken;
  try {
    const owner = await ownerContext(ctx, { id: schedule.ownerId, name: schedule.ownerName }, definition);
    const told = await tellSubject(owner, parts.reader, definition.sends, signal === undefined ? {} : { signal });
    const { message, linked } = await toMessage(owner, parts, taken, told, signal);
    const scope = accessOf(owner).rowFilter;
    const bytes = message.attachments.reduce((sum, { content }) => sum + content.byteLength, message.html.length);
    await ctx.inTenant(async (tx) => {
      await tx.scheduleRun.updateMany({
        where: { id: run.id },
        data: {
          state: "sending",
          bytes,
          content: keepContent(message),
          ...(linked.length === 0 ? {} : { files: toJsonColumn(linked) }),
          ...(scope === undefined ? {} : { scope: toJsonColumn(scope) }),
        },
      });
      const receivers = await putIntoOutbox(tx, ctx, taken);
      await audit(tx, owner, "schedule.told", {
        after: { id: schedule.id, name: schedule.name, slot: run.slot?.toISOString() ?? null, receivers, bytes },
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    const isGone = error instanceof AppError && (error.code === "forbidden" || error.code === "not_found");
    if (isGone) return pauseForOwner(ctx, taken, error.message);
    const passes = !(error instanceof AppError) || ["internal", "precondition", "upstream"].includes(error.code);
    if (passes && run.attempts < attemptsMax) throw error;
    if (passes) ctx.host.log.error({ err: error, run: run.id }, "a schedule could not be told");
    const problem =
      error instanceof AppError && error.code !== "internal" ? error.message : "It could not be worked out.";
    await ctx.inTenant((tx) =>
      tx.scheduleRun.updateMany({
        where: { id: run.id },
        data: { state: "failed", problem, endedAt: ctx.host.clock.now() },
      }),
    );
  }
}

/** One delivery for each person and channel, with the run. */
async function putIntoOutbox(tx: Tx, ctx: Context, { run, definition, schedule }: TakenRun): Promise<string[]> {
  const now = ctx.host.clock.now();
  const all = [...(definition.toOwner ? [schedule.ownerId] : []), ...definition.personIds];
  const personIds = run.onlyTo === null ? all : [run.onlyTo];
  const people = await tx.membership.findMany({
    where: { userId: { in: [...new Set(personIds)] } },
    include: { user: { select: { name: true, email: true } } },
  });
  const channels = await tx.alertChannel.findMany({
    where: { id: { in: run.onlyTo === null ? definition.channelIds : [] } },
    select: { id: true, name: true },
  });
  const receivers = [
    ...people.map(({ userId, user }) => ({ personId: userId, name: user.name === "" ? user.email : user.name })),
    ...channels.map(({ id, name }) => ({ channelId: id, name })),
  ];
  if (receivers.length === 0)
    throw new AppError("conflict", `Nobody whom ${schedule.name} goes to belongs to the company any more.`);
  await tx.scheduleDelivery.createMany({
    data: receivers.map((receiver) => ({ id: newId(now.getTime()), runId: run.id, nextAt: now, ...receiver })),
  });
  return receivers.map(({ name }) => name);
}

async function toMessage(
  ctx: Context,
  parts: MakingParts,
  taken: TakenRun,
  told: Told,
  signal?: AbortSignal,
): Promise<{ message: ReportMessage; linked: readonly ToldGroups[] }> {
  const { schedule } = taken;
  const now = ctx.host.clock.now();
  const { name: company } = await ctx.inTenant((tx) =>
    tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { name: true } }),
  );
  const document: ReportDocument = {
    title: oneLine(schedule.name),
    company: oneLine(company),
    notes: notesOf(ctx, taken, told),
    url: `${ctx.host.baseUrl}${told.path}`,
    at: now.toISOString(),
    data: told.data,
    sections: told.sections,
  };
  const { attachments, links, linked, ...files } = await filesOf(ctx, parts, document, taken, told.tables, signal);
  const said = { ...document, at: formatInstant(document.at), notes: [...document.notes, ...files.notes] };
  const message = {
    title: document.title,
    company: document.company,
    at: said.at,
    url: document.url,
    lines: figureLines(said, links),
    text: mailText(said, links),
    html: mailHtml(
      said,
      links,
      attachments.some(({ contentId }) => contentId === chartId),
    ),
    attachments,
  };
  return { message, linked };
}

/** What a reader must know before the figures. */
function notesOf(ctx: Context, { run, schedule, definition, openMonth }: TakenRun, { name }: Told): string[] {
  const { missed, slot } = run;
  const isLate = slot !== null && run.begunAt.getTime() - slot.getTime() > lateMs;
  const isWaiting = definition.timing.cadence.kind === "month-close";
  return [
    ...(definition.note === "" ? [] : [oneLine(definition.note, 1000)]),
    `${oneLine(name)}, as ${oneLine(schedule.ownerName)} sees it${ctx.rowFilter === null ? "" : ": a part of the company's costs"}.`,
    ...(isLate && !isWaiting ? [`It was due on ${formatInstant(slot.toISOString())} and comes late.`] : []),
    ...(missed > 0
      ? [`${missed === 1 ? "One time" : `${missed} times`} before it nobody sent it, since nothing ran then.`]
      : []),
    ...(openMonth === null ? [] : [`The month is not closed. ${openMonth}`]),
    ...(run.slot === null ? ["Somebody sent it by hand."] : []),
  ];
}

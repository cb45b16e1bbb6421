import { audit } from "@finops/platform/audit/audit";
import type { Context } from "@finops/platform/tenancy/context";
import type { TakenRun } from "./take-run-service.ts";

/** Ends a run and pauses its schedule, since its owner may not see it any more; the owner and who can help are told. */
export async function pauseForOwner(ctx: Context, { run, schedule }: TakenRun, problem: string): Promise<void> {
  const { host } = ctx;
  const now = host.clock.now();
  const told = await ctx.inTenant(async (tx) => {
    await tx.scheduleRun.updateMany({ where: { id: run.id }, data: { state: "failed", problem, endedAt: now } });
    const { count } = await tx.schedule.updateMany({
      where: { id: schedule.id, state: "on", deletedAt: null },
      data: { state: "paused", problem, version: { increment: 1 }, changedAt: now },
    });
    // Somebody else paused it before, and people know.
    if (count === 0) return [];
    await audit(tx, ctx, "schedule.paused", { after: { id: schedule.id, name: schedule.name, problem } });
    return tx.membership.findMany({
      where: { deactivatedAt: null, OR: [{ userId: schedule.ownerId }, { role: { key: { in: ["owner", "admin"] } } }] },
      include: { user: { select: { email: true } } },
    });
  });
  const text = `${schedule.name} of ${schedule.ownerName} is paused, since it tells what its owner sees.\n\n${problem}\n\nMake one of your own to have it sent again: ${host.baseUrl}/reports/schedules\n`;
  for (const { user, userId } of told)
    await host.mail
      .send({ to: user.email, subject: `Paused: ${schedule.name}`, text, id: `${run.id}.${userId}` })
      .catch((error: unknown) => host.log.warn({ err: error }, "somebody could not be told of a paused schedule"));
}

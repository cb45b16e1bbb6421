import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { enqueue } from "@finops/platform/jobs/work-items";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import type { Onboarding } from "./contract.ts";

/** What the work item carries that fills a company with the demo's bills. */
export const DemoDataPayload = z.object({
  actor: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
});

/** Which steps of getting started a company has done. */
export async function getOnboarding(ctx: Context): Promise<Onboarding> {
  requirePermission(ctx, "costs:read");
  return ctx.inTenant(async (tx) => {
    const people = (await tx.membership.count()) > 1 || (await tx.invitation.count({ where: { revokedAt: null } })) > 0;
    const steps: Onboarding["steps"] = [
      { key: "company", isDone: true },
      { key: "people", isDone: people },
      { key: "costs", isDone: (await tx.publication.count()) > 0 },
    ];
    return { steps, isDone: steps.every((step) => step.isDone), demoData: await findDemoData(tx) };
  });
}

/** Fills a company that has no costs yet with those of an invented one. @throws conflict for any other, or when it is on its way */
export async function startDemoData(ctx: Context): Promise<Onboarding> {
  requirePermission(ctx, "imports:write");
  await ctx.inTenant(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('demo data ' || ${ctx.tenantId}, 0))::text`;
    const known = await findDemoData(tx);
    if (known !== null && (known.state === "queued" || known.state === "running"))
      throw new AppError("conflict", "The demo data is on its way already.");
    if ((await tx.publication.count()) > 0)
      throw new AppError("conflict", "This company has costs already. Demo data is for companies that have none.");
    const item = await enqueue(tx, { kind: "demo-data", pool: "imports", payload: { actor: { ...ctx.actor } } });
    await audit(tx, ctx, "demo-data.started", { after: { workItem: item.id } });
  });
  return getOnboarding(ctx);
}

async function findDemoData(tx: Tx): Promise<Onboarding["demoData"]> {
  const item = await tx.workItem.findFirst({ where: { kind: "demo-data" }, orderBy: { createdAt: "desc" } });
  if (item === null) return null;
  const { share = 0, label = "" } = item.progress as { share?: number; label?: string };
  const { message = null } = (item.error ?? {}) as { message?: string };
  return {
    id: item.id,
    state: item.state as NonNullable<Onboarding["demoData"]>["state"],
    share: item.state === "done" ? 1 : share,
    label,
    error: message,
  };
}

import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../db/database.ts";
import { parseSection, readSettings, type SettingsSection, writeSettings } from "./company-settings.ts";
import type { Context } from "./context.ts";
import type { CompanyState } from "./tenant-input.ts";

/** What is to be told of a company that does not work as usual. */
const StateNote = z.object({
  /** Why, in the operator's or the owner's words; empty where nothing was said. */
  reason: z.string().default(""),
  /** What a company that leaves goes back to when it stays after all. */
  stateBefore: z.enum(["active", "read-only"]).default("active"),
});

const stateNoteSection: SettingsSection<z.output<typeof StateNote>> = { key: "stateNote", schema: StateNote };

/** Why a company does not work as usual, from its settings; empty where nothing was said. */
export function stateReasonOf(settings: unknown): string {
  return parseSection(settings, stateNoteSection).reason;
}

export const graceDays = 30;
const dayMs = 86_400_000;

/**
 * Makes a company read-only, locks it, or lets it work again, for the operator. A company that was to leave stays then. What
 * runs of its work goes back to the queue and waits there.
 */
export async function setCompanyState(
  ctx: Context,
  { state, reason = "" }: { state: Exclude<CompanyState, "leaving">; reason?: string },
): Promise<void> {
  if (ctx.actor.kind !== "system")
    throw new AppError("forbidden", "Companies are suspended and resumed by the operator of the platform.");
  await ctx.inTenant(async (tx) => {
    const before = await lockState(tx, ctx.tenantId);
    await change(tx, ctx, { state, leavesAt: null }, { reason: reason.trim(), stateBefore: "active" });
    await audit(tx, ctx, state === "active" ? "company.resumed" : "company.suspended", {
      before: { state: before },
      after: { state, reason: reason.trim() },
    });
  });
}

/** Shuts a company, and has it deleted after the days of grace. @throws conflict when it leaves already, or is locked */
export async function startLeaving(ctx: Context): Promise<Date> {
  const leavesAt = new Date(ctx.host.clock.now().getTime() + graceDays * dayMs);
  await ctx.inTenant(async (tx) => {
    const before = await lockState(tx, ctx.tenantId);
    if (before === "leaving") throw new AppError("conflict", "The company is about to be deleted already.");
    // An operator who deletes a locked company means it; its owners wait until it is resumed.
    if (before === "locked" && ctx.actor.kind !== "system")
      throw new AppError("conflict", "The company is locked. Ask the operator of the platform to delete it.");
    await change(
      tx,
      ctx,
      { state: "leaving", leavesAt },
      { reason: `${ctx.actor.name} asked for its deletion.`, stateBefore: before === "read-only" ? before : "active" },
    );
    await audit(tx, ctx, "company.leaving", {
      before: { state: before },
      after: { state: "leaving", leavesAt: leavesAt.toISOString() },
    });
  });
  return leavesAt;
}

/** Keeps a company that was to leave, as it was before. @throws conflict when it does not leave */
export async function stopLeaving(ctx: Context): Promise<void> {
  await ctx.inTenant(async (tx) => {
    if ((await lockState(tx, ctx.tenantId)) !== "leaving")
      throw new AppError("conflict", "The company is not about to be deleted.");
    const { stateBefore } = await readSettings(tx, ctx.tenantId, stateNoteSection);
    await change(tx, ctx, { state: stateBefore, leavesAt: null }, { reason: "", stateBefore: "active" });
    await audit(tx, ctx, "company.stays", { before: { state: "leaving" }, after: { state: stateBefore } });
  });
}

/** Two changes of one company's state go one after the other. */
async function lockState(tx: Tx, tenantId: string): Promise<CompanyState> {
  const rows = await tx.$queryRaw<{ state: CompanyState }[]>`
    select state from tenant where id = ${tenantId}::uuid for update`;
  if (rows[0] === undefined) throw new AppError("not_found", "There is no such company.");
  return rows[0].state;
}

async function change(
  tx: Tx,
  { tenantId }: Context,
  data: { state: CompanyState; leavesAt: Date | null },
  note: z.output<typeof StateNote>,
): Promise<void> {
  await tx.tenant.update({ where: { id: tenantId }, data });
  await writeSettings(tx, tenantId, stateNoteSection, note);
  if (data.state === "active") return;
  // The worker finds at its next heartbeat that the work is not its own any more, and can publish nothing before.
  await tx.$executeRaw`
    update work_item set state = 'queued', worker = null, lease_until = null, attempts = attempts - 1,
      fencing_token = nextval('fencing_token_seq')
    where state = 'running' and kind <> 'company-export'`;
}

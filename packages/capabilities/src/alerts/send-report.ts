import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { openTarget } from "./channel-service.ts";
import { deliverReport, takesReports } from "./channels/registry.ts";
import type { ReportParcel } from "./channels/channel-provider.ts";

/** A channel by what people call it. Throws `invalid` for one that there is not, or that takes no reports. */
export async function findReportChannel(tx: Tx, id: string, field: string): Promise<{ id: string; name: string }> {
  const row = isId(id) ? await tx.alertChannel.findFirst({ where: { id, deletedAt: null } }) : null;
  if (row === null) throw new AppError("invalid", `${field}: There is no such channel.`);
  if (!takesReports(row.kind))
    throw new AppError("invalid", `${field}: The channel ${row.name} calls people and takes no reports.`);
  return { id, name: row.name };
}

/**
 * Brings a report to where a channel goes, once; who calls tries again by the same id.
 * @throws AppError with `isFinal` among its facts where trying again is in vain
 */
export async function sendReport(
  ctx: Context,
  channelId: string,
  parcel: ReportParcel,
  signal?: AbortSignal,
): Promise<void> {
  const channel = await ctx.inTenant((tx) => tx.alertChannel.findFirst({ where: { id: channelId } }));
  if (channel === null || channel.deletedAt !== null || !channel.isOn)
    throw new AppError("precondition", "The channel is off, or was deleted.", { facts: { isFinal: true } });
  const { mail, outside, slack, clock } = ctx.host;
  await deliverReport(await openTarget(ctx, channel), parcel, { mail, outside, slack, now: clock.now(), signal });
}

import { AppError } from "@finops/kernel/app-error";
import type { Host } from "@finops/platform/host";
import { listTenants } from "@finops/platform/tenancy/tenants";

const dayMs = 86_400_000;
const usualDays = 90;

/** For how many days deliveries that are over are kept, from `FINOPS_KEEP_DELIVERIES_DAYS`. @throws invalid for what is no count of days */
export function readKeptDays(env: Readonly<Record<string, string | undefined>>): number {
  const text = env["FINOPS_KEEP_DELIVERIES_DAYS"] ?? "";
  if (text === "") return usualDays;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new AppError("invalid", `FINOPS_KEEP_DELIVERIES_DAYS takes a count of days from 1 on, not "${text}".`);
  return Number(text);
}

/** Removes what was delivered or given up so long ago. What still waits stays, however old. */
export async function sweepDeliveries({ db, clock, log }: Host, keptDays: number): Promise<number> {
  const before = new Date(clock.now().getTime() - keptDays * dayMs);
  let removed = 0;
  for (const { id } of await listTenants(db)) {
    const { count } = await db.inTenant(id, (tx) =>
      tx.alertDelivery.deleteMany({
        where: { tenantId: id, state: { in: ["sent", "dead", "digested"] }, createdAt: { lt: before } },
      }),
    );
    removed += count;
  }
  if (removed > 0) log.info({ removed, keptDays }, "deliveries of long ago were removed");
  return removed;
}

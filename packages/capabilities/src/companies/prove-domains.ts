import { AppError } from "@finops/kernel/app-error";
import { listPeopleWho } from "@finops/platform/approvals/request-or-apply";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Host } from "@finops/platform/host";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import { isProven, proofRecord } from "@finops/platform/tenancy/domain-proof";

const hourMs = 3_600_000;
const everyHours = 24;
/** A record may be gone by a slip, so the domain works on for some days, and those who can mend it are told. */
const missingDaysMax = 7;

/**
 * Looks once a day whether the domains that work are still proven: one that expired, and that somebody else registered, must
 * not lead to a company it is not of any more. Safe to call at any time and again.
 */
export async function proveDomainsAgain(host: Host): Promise<void> {
  const before = new Date(host.clock.now().getTime() - everyHours * hourMs);
  const due = await host.db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; id: string }[]>`
      select tenant_id as "tenantId", id from list_domains_to_prove(${before}::timestamptz)`,
  );
  for (const { tenantId, id } of due) await proveAgain(createSystemContext(host, tenantId, "domain check"), id);
}

async function proveAgain(ctx: Context, id: string): Promise<void> {
  const { host } = ctx;
  const row = await ctx.inTenant((tx) => tx.companyDomain.findFirst({ where: { id, verifiedAt: { not: null } } }));
  if (row === null) return;
  const { domain, proof, missingSince } = row;
  // Who is not answered knows nothing, so the next round asks again.
  const isThere = await isProven(host.domains, domain, proof).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    host.log.warn({ err: error, domain }, "a domain could not be looked up");
    return null;
  });
  if (isThere === null) return;
  const checkedAt = host.clock.now();
  const isLost =
    !isThere && missingSince !== null && checkedAt.getTime() - missingSince.getTime() >= missingDaysMax * 24 * hourMs;
  const next = isLost
    ? { verifiedAt: null, checkedAt: null, missingSince: null }
    : { checkedAt, missingSince: isThere ? null : (missingSince ?? checkedAt) };
  const news = isLost ? "lost" : isThere === (missingSince !== null) ? (isThere ? "found" : "missing") : null;
  const to = await ctx.inTenant(async (tx) => {
    // Another process may have looked at the same time.
    const { count } = await tx.companyDomain.updateMany({
      where: { id, verifiedAt: row.verifiedAt, checkedAt: row.checkedAt },
      data: next,
    });
    if (count === 0 || news === null) return [];
    await audit(tx, ctx, `company-domain.${news}`, { before: { id, domain } });
    return news === "found" ? [] : addressesOf(tx, ctx);
  });
  const { name, value } = proofRecord(domain, proof);
  const mend = `Add the TXT record ${name} with the value ${value} at the name server of the domain.`;
  for (const address of to)
    await host.mail
      .send(
        isLost
          ? {
              to: address,
              subject: `${domain} does not lead to your company any more`,
              text: `The record that proves ${domain} has been gone for ${missingDaysMax} days. ${mend} Then verify the domain again: ${host.baseUrl}/settings`,
            }
          : {
              to: address,
              subject: `${domain} is not proven any more`,
              text: `The record that proves ${domain} is gone. ${mend} Without it, the domain stops to work in ${missingDaysMax} days.`,
            },
      )
      .catch((error: unknown) => host.log.error({ err: error, domain }, "nobody could be told of a domain"));
}

/** Of those who can do something about it. */
async function addressesOf(tx: Tx, ctx: Context): Promise<string[]> {
  return (await listPeopleWho(tx, ctx, "settings:write")).flatMap(({ email }) => email ?? []);
}

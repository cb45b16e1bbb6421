import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";

/**
 * The versions that a billing period consists of once the new ones are in: those that are current, without the ones that
 * are replaced (of the same source) or taken over from.
 * @throws conflict when another source has rows of one of the accounts in that period
 */
export async function versionsWith(
  tx: Tx,
  versionIds: readonly string[],
  current: readonly string[],
  billingPeriod: Day,
): Promise<string[]> {
  let chosen = [...current];
  for (const versionId of versionIds) chosen = await withOne(tx, versionId, chosen, billingPeriod);
  return chosen;
}

async function withOne(tx: Tx, versionId: string, current: readonly string[], billingPeriod: Day): Promise<string[]> {
  const version = await tx.datasetVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { source: true, accounts: true },
  });
  const others = await tx.datasetVersion.findMany({
    where: { id: { in: [...current] }, sourceId: { not: version.sourceId } },
    include: { source: true },
  });
  const rest = others.filter((other) => !takesOver(version.source, other.source.id, billingPeriod));
  const accounts = version.accounts.map((account) => account.account);
  const clash = await tx.versionAccount.findFirst({
    where: { versionId: { in: rest.map((other) => other.id) }, account: { in: accounts } },
    include: { version: { include: { source: true } } },
  });
  if (clash !== null) {
    const other = clash.version.source;
    const hint = takesOver(other, version.source.id, billingPeriod)
      ? `"${other.name}" took over from it.`
      : `Count it once: import one of the two only, or let the new one take over with --takes-over ${other.key} --from ${billingPeriod}.`;
    throw new AppError(
      "conflict",
      `The account ${clash.account} has costs of ${billingPeriod.slice(0, 7)} from "${other.name}" already, and "${version.source.name}" brings them again. ${hint}`,
      { facts: { account: clash.account, sources: [other.key, version.source.key] } },
    );
  }
  return [...rest.map((other) => other.id), versionId];
}

// A takeover holds for whole billing periods: from the one that its day lies in.
function takesOver(
  source: { takesOverFrom: string | null; takesOverOn: Date | null },
  otherId: string,
  billingPeriod: Day,
): boolean {
  return (
    source.takesOverFrom === otherId &&
    source.takesOverOn !== null &&
    billingPeriod >= `${columnToDay(source.takesOverOn).slice(0, 7)}-01`
  );
}

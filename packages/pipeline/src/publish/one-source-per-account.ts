import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";

/**
 * The versions that a billing period consists of once `versionId` is in: those that are current, without the ones that it
 * replaces (its own source's) or takes over from.
 * @throws conflict when another source has rows of one of its accounts in that period
 */
export async function versionsWith(tx: Tx, versionId: string, current: readonly string[], billingPeriod: Day): Promise<string[]> {
  const version = await tx.datasetVersion.findUniqueOrThrow({ where: { id: versionId }, include: { source: true, accounts: true } });
  const others = await tx.datasetVersion.findMany({ where: { id: { in: [...current] }, sourceId: { not: version.sourceId } }, include: { source: true } });
  const replaced = new Set(others.filter((other) => takesOver(version.source, other.source.id, billingPeriod)).map((other) => other.id));
  const rest = others.filter((other) => !replaced.has(other.id));
  const accounts = version.accounts.map((account) => account.account);
  const clash = await tx.versionAccount.findFirst({ where: { versionId: { in: rest.map((other) => other.id) }, account: { in: accounts } }, include: { version: { include: { source: true } } } });
  if (clash !== null) {
    const other = clash.version.source;
    const hint = takesOver(other, version.source.id, billingPeriod) ? `"${other.name}" took over from it.` : `Count it once: import into the source "${other.key}", or let one take over with: finops import … --source-name ${version.source.key} --takes-over ${other.key} --from ${billingPeriod}.`;
    throw new AppError("conflict", `The account ${clash.account} has costs of ${billingPeriod.slice(0, 7)} from "${other.name}" already, and "${version.source.name}" brings them again. ${hint}`, { facts: { account: clash.account, sources: [other.key, version.source.key] } });
  }
  return [...rest.map((other) => other.id), versionId];
}

function takesOver(source: { takesOverFrom: string | null; takesOverOn: Date | null }, otherId: string, billingPeriod: Day): boolean {
  return source.takesOverFrom === otherId && source.takesOverOn !== null && billingPeriod >= `${columnToDay(source.takesOverOn).slice(0, 7)}-01`;
}

import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";

interface VersionSource {
  id: string;
  key: string;
  name: string;
  takesOverFrom: string | null;
  takesOverOn: Date | null;
}

/** A version with what decides whether it may count beside others. */
interface SourcedVersion {
  id: string;
  source: VersionSource;
  accounts: readonly { account: string }[];
}

export type SourcedVersions = ReadonlyMap<string, SourcedVersion>;

/** Versions by their ids; those that are gone are not among them. */
export async function readSourcedVersions(tx: Tx, ids: readonly string[]): Promise<SourcedVersions> {
  const versions = await tx.datasetVersion.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: {
      id: true,
      source: { select: { id: true, key: true, name: true, takesOverFrom: true, takesOverOn: true } },
      accounts: { select: { account: true }, orderBy: { account: "asc" } },
    },
  });
  return new Map(versions.map((version) => [version.id, version]));
}

/**
 * The versions that a billing period consists of once the new ones are in: those that are current, without the ones that
 * are replaced (of the same source) or taken over from.
 * @throws conflict when another source has rows of one of the accounts in that period, not_found for a new one that is gone
 */
export function versionsWith(
  versions: SourcedVersions,
  versionIds: readonly string[],
  current: readonly string[],
  billingPeriod: Day,
): string[] {
  const known = current.flatMap((id) => versions.get(id) ?? []);
  const chosen = versionIds.reduce<readonly SourcedVersion[]>((before, id) => {
    const version = versions.get(id);
    if (version === undefined)
      throw new AppError("not_found", "A bill of this import is no longer there. Import it again.");
    return withOne(version, before, billingPeriod);
  }, known);
  return chosen.map((version) => version.id);
}

function withOne(version: SourcedVersion, current: readonly SourcedVersion[], billingPeriod: Day): SourcedVersion[] {
  const { source } = version;
  const rest = current.filter(
    (other) => other.source.id !== source.id && !takesOver(source, other.source.id, billingPeriod),
  );
  const accounts = new Set(version.accounts.map(({ account }) => account));
  for (const { source: other, accounts: others } of rest) {
    const clash = others.find(({ account }) => accounts.has(account));
    if (clash !== undefined) throw countedTwice(clash.account, other, source, billingPeriod);
  }
  return [...rest, version];
}

function countedTwice(account: string, other: VersionSource, source: VersionSource, billingPeriod: Day): AppError {
  const hint = takesOver(other, source.id, billingPeriod)
    ? `"${other.name}" took over from it.`
    : `Count it once: import one of the two only, or let the new one take over with --takes-over ${other.key} --from ${billingPeriod}.`;
  return new AppError(
    "conflict",
    `The account ${account} has costs of ${billingPeriod.slice(0, 7)} from "${other.name}" already, and "${source.name}" brings them again. ${hint}`,
    { facts: { account, sources: [other.key, source.key] } },
  );
}

// A takeover holds for whole billing periods: from the one that its day lies in.
function takesOver(source: VersionSource, otherId: string, billingPeriod: Day): boolean {
  return (
    source.takesOverFrom === otherId &&
    source.takesOverOn !== null &&
    billingPeriod >= `${columnToDay(source.takesOverOn).slice(0, 7)}-01`
  );
}

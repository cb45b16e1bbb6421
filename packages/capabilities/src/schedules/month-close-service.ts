import { formatDay, formatPeriod } from "@finops/kernel/format-day";
import { addMonths, type Period } from "@finops/kernel/period";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import type { Tx } from "@finops/platform/db/database";

/**
 * Why a month is not closed yet, or null where it is: its bills reach its last day, and every source that had bills of the month
 * before has some of it.
 */
export async function openReason(tx: Tx, tenantId: string, month: Period): Promise<string | null> {
  const { generations } = await pinStore(tx, tenantId);
  const find = (start: string) => generations.find(({ billingPeriod }) => billingPeriod === start);
  const [before, own] = [find(addMonths(month.start, -1)), find(month.start)];
  const name = formatPeriod(month);
  if (own === undefined) return `No bill of ${name} is published.`;
  const reached = own.manifest.chargeEnd;
  if (reached === null || reached < month.end)
    return `The bills of ${name} do not reach its last day${reached === null ? "" : `: they end before ${formatDay(reached)}`}.`;
  const versions = await tx.datasetVersion.findMany({
    where: { id: { in: [...(before?.versionIds ?? []), ...own.versionIds] } },
    select: { id: true, sourceId: true },
  });
  const sources = (ids: readonly string[]) =>
    new Set(versions.filter(({ id }) => ids.includes(id)).map(({ sourceId }) => sourceId));
  const here = sources(own.versionIds);
  // Their names are for who may read sources, which readers of a mail need not be.
  const missing = [...sources(before?.versionIds ?? [])].filter((id) => !here.has(id)).length;
  if (missing === 0) return null;
  return `Bills of ${name} are missing from ${missing === 1 ? "one source" : `${missing} sources`} that had some the month before.`;
}

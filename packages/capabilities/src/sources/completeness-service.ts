import { formatDay } from "@finops/kernel/format-day";
import type { Day } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import { computeCompleteness } from "./completeness.ts";
import type { Completeness, SourceCompleteness } from "./contract.ts";

/** What each source lacks: days without usage, and deliveries that are late. */
export async function getCompleteness(ctx: Context): Promise<Completeness> {
  requirePermission(ctx, "sources:read");
  return { sources: await ctx.inTenant((tx) => readCompleteness(tx, ctx.host.clock.now())) };
}

/** A source that lacks something, as alerts tell of it. */
interface IncompleteBills {
  id: string;
  title: string;
  message: string;
  since: Day;
  filter: null;
}

export async function listIncompleteBills(tx: Tx, now: Date): Promise<IncompleteBills[]> {
  return (await readCompleteness(tx, now)).flatMap((source) => [...tellMissing(source), ...tellLate(source)]);
}

async function readCompleteness(tx: Tx, now: Date): Promise<SourceCompleteness[]> {
  const versions = await tx.datasetVersion.findMany({
    where: { dataset: "costs", state: "published" },
    select: { billingPeriod: true, days: true, source: { select: { id: true, key: true, name: true } } },
    orderBy: [{ sourceId: "asc" }, { billingPeriod: "asc" }],
  });
  const sources = new Map(versions.map(({ source }) => [source.id, source]));
  const landings = await tx.landing.findMany({
    where: { sourceId: { in: [...sources.keys()] } },
    select: { sourceId: true, landedAt: true },
  });
  return [...sources].map(([id, { key, name }]) =>
    computeCompleteness(
      {
        key,
        name,
        months: versions
          .filter(({ source }) => source.id === id)
          .map(({ billingPeriod, days }) => ({
            billingPeriod: columnToDay(billingPeriod),
            days: days as Record<Day, number> | null,
          })),
        arrivals: landings.filter(({ sourceId }) => sourceId === id).map(({ landedAt }) => landedAt),
      },
      now,
    ),
  );
}

/** An alert for each month, so that it ends with the bill that brings the days. */
function tellMissing({ source, sourceName, months }: SourceCompleteness): IncompleteBills[] {
  return months
    .filter(({ missingDays }) => missingDays.length > 0)
    .map(({ billingPeriod, missingDays }) => {
      const month = formatDay(billingPeriod, "month");
      const days = missingDays.map((day) => Number(day.slice(8))).join(", ");
      return {
        id: `missing ${billingPeriod} ${source}`,
        title: `Bills of ${sourceName}`,
        message: `${sourceName} has no usage on ${missingDays.length === 1 ? "one day" : `${missingDays.length} days`} of ${month} (${days}), so the month shows less than was spent. Export it again, or ask the provider when it delivers what is missing.`,
        since: missingDays[0]!,
        filter: null,
      };
    });
}

function tellLate({
  source,
  sourceName,
  lastArrival,
  usualIntervalDays,
  lateSince,
}: SourceCompleteness): IncompleteBills[] {
  if (lateSince === null || lastArrival === null) return [];
  const usual = usualIntervalDays === 1 ? "day" : `${usualIntervalDays} days`;
  return [
    {
      id: `late ${lastArrival} ${source}`,
      title: `Bills of ${sourceName}`,
      message: `Nothing of ${sourceName} came since ${formatDay(lastArrival.slice(0, 10))}; usually something comes every ${usual}. Look whether its export still runs, and import what it wrote.`,
      since: lateSince.slice(0, 10),
      filter: null,
    },
  ];
}

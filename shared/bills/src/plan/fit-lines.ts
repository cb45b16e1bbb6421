import type { BillKind } from "../bill-truth.ts";
import { groupBy } from "../group-by.ts";
import { type Stream, countLines } from "./stream.ts";

const strideMax = 28;

/**
 * Brings the number of lines to `wanted`: too few are made up by hourly lines, too many by resources that are used on
 * some days only, from the cheapest on. Azure bills by the day, so there lines are only ever taken away.
 * @returns the number of lines; above what was wanted when even rare use of everything makes too many.
 */
export function fitLines(
  kind: BillKind,
  streams: Stream[],
  dayWeights: readonly number[],
  linesWanted: number,
): number {
  const wanted = linesWanted + sharedNegations(kind, streams, dayWeights);
  const countOf = (stream: Stream) => countLines(stream, dayWeights) + negationLines(kind, stream, dayWeights);
  let total = streams.reduce((sum, stream) => sum + countOf(stream), 0);
  if (total < wanted && kind !== "azure") total = addHourlyLines(streams, countOf, total, wanted);
  if (total > wanted) total = thinOut(streams, countOf, total, wanted);
  return total - (wanted - linesWanted);
}

/** AWS takes the on-demand cost of covered lines back in lines of their own. */
function negationLines(kind: BillKind, stream: Stream, dayWeights: readonly number[]): number {
  const { commitment } = stream;
  if (!kind.startsWith("aws") || commitment?.type !== "savings-plan") return 0;
  return countLines(
    {
      ...stream,
      startDay: Math.max(stream.startDay, commitment.startDay),
      endDay: Math.min(stream.endDay, commitment.endDay),
    },
    dayWeights,
  );
}

/** Covered AWS lines are counted twice for their negation, but machines of one account and SKU share negation lines. */
function sharedNegations(kind: BillKind, streams: readonly Stream[], dayWeights: readonly number[]): number {
  const groups = groupBy(
    streams,
    (stream) => `${stream.account.id}/${stream.meter}/${stream.region}/${stream.sku.operation}`,
  );
  return [...groups.values()].reduce((total, group) => {
    const lines = group.map((stream) => negationLines(kind, stream, dayWeights));
    return total + lines.reduce((sum, count) => sum + count, 0) - Math.max(...lines);
  }, 0);
}

function addHourlyLines(streams: Stream[], countOf: (stream: Stream) => number, start: number, wanted: number): number {
  let total = start;
  // Storage is metered by the day and turns hourly last; nodes of the shared cluster stay daily.
  const inOrder = [
    ...streams.filter((stream) => stream.pattern !== "stored"),
    ...streams.filter((stream) => stream.pattern === "stored"),
  ];
  for (const stream of inOrder) {
    if (total >= wanted) break;
    if (stream.planted || stream.clusterNode) continue;
    const daily = countOf(stream);
    const slots = Math.min(24, Math.floor((wanted - total) / Math.max(1, daily)) + 1);
    stream.slots = slots;
    total += daily * (slots - 1);
  }
  return total;
}

function thinOut(streams: Stream[], countOf: (stream: Stream) => number, start: number, wanted: number): number {
  let total = start;
  const cheapestFirst = streams
    .filter((stream) => !stream.planted && stream.slots === 1)
    .toSorted((a, b) => rank(a) - rank(b) || costPerDay(a) - costPerDay(b) || a.id - b.id);
  for (const stream of cheapestFirst) {
    if (total <= wanted) break;
    const daily = countOf(stream);
    const surplus = total - wanted;
    if (surplus < daily / 2) {
      // Half of this resource would be too much to take away: it is shut down earlier instead.
      stream.endDay -= Math.min(
        stream.endDay - stream.startDay - 1,
        Math.ceil(surplus / (daily / (stream.endDay - stream.startDay))),
      );
    } else {
      stream.stride = Math.min(
        strideMax,
        Math.max(2, Math.round(daily / Math.max(daily - surplus, daily / strideMax))),
      );
    }
    total += countOf(stream) - daily;
  }
  return total;
}

/** What a commitment covers should run every day, or the commitment would look wasted. */
function rank(stream: Stream): number {
  if (stream.commitment) return 2;
  return stream.capPerDay === null ? 0 : 1;
}

function costPerDay(stream: Stream): number {
  return stream.basePerDay * Number(stream.price);
}

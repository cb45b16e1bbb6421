import { addDays, addMonths, type Day, daysIn, type Period } from "./period.ts";

export type Grain = "hour" | "day" | "week" | "month" | "quarter" | "year";

/** A leap day more than two years of hours: no picture has more places than that. */
const bucketsMax = 20_000;

/**
 * Starts of the buckets of a period: every one has its place, also one without costs. The first may begin before the period.
 * Hours are instants (`2026-11-22T05:00:00Z`), all others days. Weeks start on Monday.
 */
export function bucketsOf(period: Period, grain: Grain): string[] {
  if (grain === "hour")
    return Array.from({ length: Math.min(daysIn(period) * 24, bucketsMax) }, (_, hour) => {
      const ofDay = String(hour % 24).padStart(2, "0");
      return `${addDays(period.start, Math.floor(hour / 24))}T${ofDay}:00:00Z`;
    });
  const buckets: Day[] = [];
  for (let at = bucketStart(period.start, grain); at < period.end; at = bucketEnd(at, grain)) {
    buckets.push(at);
    if (buckets.length === bucketsMax) break;
  }
  return buckets;
}

/** The first day of the bucket that a day is in. */
export function bucketStart(day: Day, grain: Exclude<Grain, "hour">): Day {
  if (grain === "day") return day;
  if (grain === "week") return addDays(day, -mondayOffset(day));
  const month = Number(day.slice(5, 7));
  const first = grain === "month" ? month : grain === "quarter" ? month - ((month - 1) % 3) : 1;
  return `${day.slice(0, 4)}-${String(first).padStart(2, "0")}-01`;
}

/** The day after a bucket; of an hour, the day after its day. */
export function bucketEnd(bucket: string, grain: Grain): Day {
  const day = bucket.slice(0, 10);
  if (grain === "hour" || grain === "day") return addDays(day, 1);
  return grain === "week" ? addDays(day, 7) : addMonths(day, monthsIn[grain]);
}

const monthsIn = { month: 1, quarter: 3, year: 12 };

/** Days since the Monday before; 1 January 2024 was one. */
function mondayOffset(day: Day): number {
  const days = daysIn({ start: "2024-01-01", end: day });
  return ((days % 7) + 7) % 7;
}

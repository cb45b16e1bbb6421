import type { BillDay, Calendar } from "./calendar.ts";

/** How the use of a resource moves over days. `capped` patterns are hours of a machine, at most 24 a day. */
export const usagePatterns = {
  always: { about: "A machine that never stops", week: [1, 1, 1, 1, 1, 1, 1], season: 0, noise: 0, diurnal: 0 },
  autoscale: {
    about: "A machine that is stopped when load is low",
    week: [0.62, 0.9, 0.92, 0.93, 0.92, 0.9, 0.7],
    season: 0.1,
    noise: 0.06,
    diurnal: 0,
  },
  office: {
    about: "A machine of people who work on weekdays",
    week: [0.08, 0.48, 0.5, 0.5, 0.5, 0.46, 0.1],
    season: 0,
    noise: 0.08,
    diurnal: 0,
  },
  consumer: {
    about: "Shoppers: busy at weekends and before Christmas",
    week: [1.18, 0.92, 0.9, 0.92, 0.96, 1.05, 1.16],
    season: 1,
    noise: 0.06,
    diurnal: 0.35,
  },
  business: {
    about: "Employees and partners",
    week: [0.5, 1.14, 1.17, 1.16, 1.15, 1.1, 0.58],
    season: 0.2,
    noise: 0.06,
    diurnal: 0.5,
  },
  batch: {
    about: "Weekly and month-end jobs",
    week: [0.8, 1.5, 0.9, 0.9, 0.9, 0.9, 0.8],
    season: 0,
    noise: 0.12,
    diurnal: 0,
  },
  stored: { about: "Bytes at rest", week: [1, 1, 1, 1, 1, 1, 1], season: 0, noise: 0.004, diurnal: 0 },
  training: {
    about: "Model training in bursts",
    week: [0.5, 1.1, 1.2, 1.2, 1.1, 1, 0.6],
    season: 0,
    noise: 0.3,
    diurnal: 0,
  },
} as const;

export type UsagePattern = keyof typeof usagePatterns;
export const patternNames = Object.keys(usagePatterns) as UsagePattern[];

/** January to December of an online grocer: December is the year's peak. */
const seasonByMonth = [0.95, 0.96, 0.98, 1.0, 1.0, 0.98, 0.95, 0.95, 0.99, 1.02, 1.1, 1.2];

function dayShape(pattern: UsagePattern, day: BillDay): number {
  const { week, season } = usagePatterns[pattern];
  const month = Number(day.day.slice(5, 7)) - 1;
  const seasonal = 1 + season * (seasonByMonth[month]! - 1);
  const closing = pattern === "batch" && day.dayOfMonth > day.daysInMonth - 3 ? 1.8 : 1;
  return week[day.weekday]! * seasonal * closing;
}

/** shapes[pattern][day index]. */
export function shapesOf(calendar: Calendar): Record<UsagePattern, number[]> {
  const entries = patternNames.map((pattern) => [pattern, calendar.days.map((day) => dayShape(pattern, day))] as const);
  return Object.fromEntries(entries) as Record<UsagePattern, number[]>;
}

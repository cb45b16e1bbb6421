import { addDays, addMonths, type Day, monthOf } from "@finops/kernel/period";

/** The weeks of a month, Monday first; null where another month's days would be. */
export function weeksOf(month: Day): (Day | null)[][] {
  const { start, end } = monthOf(month);
  const offset = weekdayOf(start);
  const days: (Day | null)[] = Array.from({ length: offset }, () => null);
  for (let day = start; day < end; day = addDays(day, 1)) days.push(day);
  while (days.length % 7 !== 0) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** Where a key leads from a day; null for a key that leads nowhere. */
export function moveDay(day: Day, key: string): Day | null {
  switch (key) {
    case "ArrowLeft":
      return addDays(day, -1);
    case "ArrowRight":
      return addDays(day, 1);
    case "ArrowUp":
      return addDays(day, -7);
    case "ArrowDown":
      return addDays(day, 7);
    case "PageUp":
      return addMonths(day, -1);
    case "PageDown":
      return addMonths(day, 1);
    case "Home":
      return addDays(day, -weekdayOf(day));
    case "End":
      return addDays(day, 6 - weekdayOf(day));
    default:
      return null;
  }
}

/** 0 is Monday. */
function weekdayOf(day: Day): number {
  return (Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000) + 3) % 7;
}

import type { Day } from "@finops/kernel/period";

/** Prisma gives and takes a `date` column as the instant at which that day starts in UTC. */
export function dayToColumn(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function columnToDay(column: Date): Day {
  return column.toISOString().slice(0, 10);
}

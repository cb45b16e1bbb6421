import type { ImportDetection } from "@finops/capabilities/sources/contract";

/** Why it cannot be started now; null when it can. */
export function reasonToWait(found: ImportDetection): string | null {
  if (found.problems.length > 0) return "It can be imported once what is named above is settled.";
  if (found.deliveries.some((delivery) => delivery.missing.length > 0))
    return "A column is missing; say its value above.";
  if (found.deliveries.some((delivery) => delivery.conflicts.length > 0))
    return "The same costs would count twice; decide above which source counts.";
  return null;
}

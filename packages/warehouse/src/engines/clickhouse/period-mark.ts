import { AppError } from "@finops/kernel/app-error";
import type { PinnedGeneration } from "../../query/cost-store.ts";

/** What the rows of a built period carry: its month, and the token of the builder that wrote them. */
export interface PeriodMark {
  /** First day of the billing period. */
  billingPeriod: string;
  generation: string;
}

/** The mark within a store path, `2026-05-17`: the period and the builder's token. */
export function markOf({ storePath }: Pick<PinnedGeneration, "storePath">): PeriodMark {
  const found = /^(\d{4}-\d{2})-(\d+)$/.exec(storePath);
  if (found === null)
    throw new AppError(
      "precondition",
      "This month was built for another cost engine. Import its bills anew, or reprocess them.",
      {
        internal: storePath,
      },
    );
  return { billingPeriod: `${found[1]}-01`, generation: found[2]! };
}

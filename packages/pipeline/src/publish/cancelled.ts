import { AppError } from "@finops/kernel/app-error";

/** @throws precondition when the work was cancelled */
export function cancelledBy(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError("precondition", "The work was cancelled. Nothing more was changed.");
}

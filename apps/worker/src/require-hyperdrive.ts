import { AppError } from "@finops/kernel/app-error";

/**
 * Hyperdrive answers a SELECT from a cache for 60 s unless told not to, and by a text that is the same for two companies. Nothing in
 * a Worker can see how it is set, so whoever deploys sets it, looks (docs/guides/deploy-cloudflare.md), and says so by a variable.
 * @throws precondition
 */
export function requireUncachedHyperdrive(caching: string | undefined): void {
  if (caching !== "disabled")
    throw new AppError(
      "precondition",
      "Turn off the caching of Hyperdrive (wrangler hyperdrive update ID --caching-disabled true), then set FINOPS_HYPERDRIVE_CACHING=disabled.",
    );
}

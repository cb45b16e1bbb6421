import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import { startLeaving, stopLeaving } from "@finops/platform/tenancy/company-state";
import type { Context } from "@finops/platform/tenancy/context";
import type * as z from "zod";
import type { Company, DeletionInput } from "./contract.ts";
import { getCompany } from "./settings.ts";

/**
 * Has the company deleted in 30 days; until then it is shut, and its owners can take its data along or keep it. Throws `invalid`
 * where its name was not typed as it is.
 */
export async function askForDeletion(ctx: Context, { companyName }: z.output<typeof DeletionInput>): Promise<Company> {
  requirePermission(ctx, "company:leave");
  const { name } = await getCompany(ctx);
  if (companyName.trim() !== name)
    throw new AppError(
      "invalid",
      "companyName: Type the name of the company as it is written, so that nothing is deleted by a slip.",
    );
  await startLeaving(ctx);
  return getCompany(ctx);
}

/** Keeps a company that was to be deleted. @throws conflict for one that was not */
export async function keepCompany(ctx: Context): Promise<Company> {
  requirePermission(ctx, "company:leave");
  await stopLeaving(ctx);
  return getCompany(ctx);
}

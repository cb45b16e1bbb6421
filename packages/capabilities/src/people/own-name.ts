import { AppError } from "@finops/kernel/app-error";
import { audit } from "@finops/platform/audit/audit";
import { setOwnName } from "@finops/platform/identity/users";
import type { Context } from "@finops/platform/tenancy/context";
import { type OwnProfile, OwnProfileChange } from "./contract.ts";
import { findMember, toMember } from "./members.ts";

/**
 * Changes what the person who asks is called, in every company that they belong to. Throws `forbidden` for a key, which is
 * nobody's profile.
 */
export async function changeOwnProfile(ctx: Context, input: unknown): Promise<OwnProfile> {
  if (ctx.actor.kind !== "person")
    throw new AppError("forbidden", "A key has no profile. Sign in and change your name in the page.");
  const { name } = OwnProfileChange.parse(input);
  const { id } = ctx.actor;
  return ctx.inTenant(async (tx) => {
    const before = toMember(await findMember(tx, id));
    await setOwnName(tx, id, name);
    await audit(tx, ctx, "profile.changed", {
      before: { email: before.email, name: before.name },
      after: { email: before.email, name },
    });
    return { id, email: before.email, name };
  });
}

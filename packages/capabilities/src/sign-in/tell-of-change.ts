import type { Context } from "@finops/platform/tenancy/context";
import { mailOfCompany } from "./company-mail.ts";

/**
 * Tells somebody that what they sign in with was changed, so that they learn of it where it was not they.
 * @param what the sentence without its full stop: "A passkey was added"
 */
export async function tellOfChange(ctx: Context, userId: string, what: string): Promise<void> {
  const { host, tenantId, actor, address } = ctx;
  try {
    const user = await ctx.inTenant((tx) => tx.user.findFirst({ where: { id: userId }, select: { email: true } }));
    if (user === null) return;
    await mailOfCompany(host, tenantId, {
      to: user.email,
      subject: what,
      text: (company) =>
        [
          `${what}, for signing in to ${company}.`,
          `By: ${actor.name}`,
          `From: ${address ?? "an unknown address"}`,
          `When: ${host.clock.now().toISOString()}`,
          "",
          "If you did not want this, sign out everywhere in your profile, and tell an owner of the company.",
        ].join("\n"),
    });
  } catch (error) {
    // The change is made, and stands in the audit.
    host.log.error({ err: error, tenantId }, "somebody could not be told of a change to their sign-in");
  }
}

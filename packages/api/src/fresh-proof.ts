import { AppError } from "@finops/kernel/app-error";
import type { SignedIn } from "@finops/platform/identity/sessions";

const freshMinutes = 10;

/**
 * Whether it is long ago that somebody proved who they are. Showing a second factor counts, and signing in; switching over from
 * another company does not, for whoever has a session there can do that.
 */
export function mustProveAgain(
  { method, createdAt, secondFactorAt }: Pick<SignedIn, "method" | "createdAt" | "secondFactorAt">,
  now: Date,
): boolean {
  const provenAt = secondFactorAt ?? (method === "switch" ? null : createdAt);
  return provenAt === null || now.getTime() - provenAt.getTime() > freshMinutes * 60_000;
}

/** Before a way to sign in is changed: who has found an open browser shall not make it theirs. @throws forbidden */
export function requireFreshProof(who: SignedIn, now: Date): void {
  if (mustProveAgain(who, now))
    throw new AppError(
      "forbidden",
      `Prove once more that it is you: show your second factor in your profile, or sign out and in again. Then you have ${freshMinutes} minutes for this.`,
    );
}

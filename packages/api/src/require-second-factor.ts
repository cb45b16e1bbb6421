import { secondFactorNeed } from "@finops/capabilities/sign-in/index";
import { AppError } from "@finops/kernel/app-error";
import type { SignedIn } from "@finops/platform/identity/sessions";

/** @throws forbidden with what is to be done: `show` a second factor, or `enroll` one */
export function requireSecondFactor(who: SignedIn): void {
  const need = secondFactorNeed(who);
  if (need === "show")
    throw new AppError("forbidden", "Show your second factor first: a code of your app, or your passkey.", {
      facts: { secondFactor: need },
    });
  if (need === "enroll")
    throw new AppError("forbidden", "Your company wants a second factor. Add an app that shows codes, or a passkey.", {
      facts: { secondFactor: need },
    });
}

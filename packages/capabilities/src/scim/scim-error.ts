import { AppError } from "@finops/kernel/app-error";
import type { ScimType } from "./contract.ts";

/** An error that the protocol has a word for; the door writes it as RFC 7644 says. */
export function scimError(scimType: ScimType, sentence: string): AppError {
  return new AppError(scimType === "uniqueness" ? "conflict" : "invalid", sentence, { facts: { scimType } });
}

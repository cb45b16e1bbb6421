import { AppError } from "@finops/kernel/app-error";
import { type ScimType, urns } from "./contract.ts";

/** An error that the protocol has a word for; the door writes it as RFC 7644 says. */
export function scimError(scimType: ScimType, sentence: string): AppError {
  return new AppError(scimType === "uniqueness" ? "conflict" : "invalid", sentence, { facts: { scimType } });
}

/** The body of an error (RFC 7644, 3.12). */
export function toScimError(status: number, detail: string, facts: Readonly<Record<string, unknown>>) {
  const { scimType } = facts;
  return {
    schemas: [urns.error],
    status: String(status),
    ...(typeof scimType === "string" ? { scimType } : status === 400 ? { scimType: "invalidValue" } : {}),
    detail,
  };
}

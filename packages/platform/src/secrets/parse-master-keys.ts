import { AppError } from "@finops/kernel/app-error";

export const keyBytes = 32;

/** @param source where they stand, for people. @throws invalid for what is no key */
export function parseMasterKeys(texts: readonly string[], source: string): Uint8Array[] {
  return texts.map((text, at) => {
    const key = new Uint8Array(Buffer.from(text.trim(), "base64"));
    if (key.length !== keyBytes || !/^[A-Za-z0-9+/]{43}=$/.test(text.trim()))
      throw new AppError(
        "invalid",
        `Key ${at + 1} of ${source} is not 32 bytes as base64. Make one with: openssl rand -base64 32`,
      );
    return key;
  });
}

import { AppError } from "@finops/kernel/app-error";
import type { Host } from "@finops/platform/host";
import * as z from "zod";

/** As far as the clocks of two machines may differ, and no longer: whoever sees a word once must not use it again. */
const wordMaxMs = 120_000;

type Speaker = Pick<Host, "vault" | "clock">;

/**
 * What one host of this installation says to another: only those with the same database and master key can seal it, so neither
 * need be a proxy that is trusted.
 * @param about what it is said for; it holds for nothing else
 */
export function sealWord(host: Speaker, word: object, about: string): Promise<string> {
  return host.vault.seal(JSON.stringify({ word, at: host.clock.now().getTime() }), about);
}

/** @throws forbidden for what no host of this installation sealed for this, just now */
export async function openWord<T>(host: Speaker, sealed: string, about: string, schema: z.ZodType<T>): Promise<T> {
  const opened = await host.vault.open(sealed, about).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "internal") return null;
    throw error;
  });
  const said = opened === null ? null : z.object({ word: schema, at: z.number() }).parse(JSON.parse(opened));
  if (said === null || Math.abs(host.clock.now().getTime() - said.at) > wordMaxMs)
    throw new AppError(
      "forbidden",
      "This was not said by a host of this installation just now. Hosts need the same database and FINOPS_MASTER_KEY, and clocks that agree.",
    );
  return said.word;
}

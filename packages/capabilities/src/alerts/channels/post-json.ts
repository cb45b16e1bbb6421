import { AppError } from "@finops/kernel/app-error";
import type { Reach } from "./channel-provider.ts";

const timeoutMs = 10_000;
const answerBytesMax = 64_000;
/** What passes: too early, too much, not ready. Any other refusal is one for good. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends JSON to an address that a company gave. Nothing is followed elsewhere, and no more of an answer is read than tells that it
 * came. @throws AppError upstream when it did not arrive
 */
export async function postJson(
  { outside, signal }: Reach,
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const { hostname } = new URL(url);
  let answer: Response;
  try {
    answer = await outside.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    });
    await readSome(answer);
  } catch (cause) {
    // The address itself may hold a secret, so only the name of its host is told.
    throw new AppError("upstream", `${hostname} could not be reached, or did not answer within 10 seconds.`, {
      cause,
      internal: String(cause),
      facts: { isFinal: false },
    });
  }
  if (answer.ok) return;
  const isFinal = answer.status < 500 && !passing.has(answer.status);
  throw new AppError("upstream", `${hostname} answers by ${answer.status}.`, {
    facts: { isFinal, retryAfterSeconds: retryAfter(answer) },
  });
}

/** An answer without end keeps nobody waiting. */
async function readSome(answer: Response): Promise<void> {
  if (answer.body === null) return;
  let bytes = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.byteLength;
    if (bytes > answerBytesMax) return reader.cancel();
  }
}

function retryAfter({ headers }: Response): number | null {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}

import { AppError } from "@finops/kernel/app-error";
import type { Reach } from "./channel-provider.ts";

const timeoutMs = 10_000;
const answerBytesMax = 64_000;
/** What passes: too early, too much, not ready. Any other refusal is one for good. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** Sends JSON to an address that a company gave. @throws AppError upstream when it did not arrive */
export async function postJson(
  reach: Reach,
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  await post(reach, url, body, { "content-type": "application/json", ...headers });
}

/**
 * Sends something to an address outside. Nothing is followed elsewhere, and no more of an answer is read than tells that it came.
 * @returns the beginning of the answer @throws AppError upstream when it did not arrive
 */
export async function post(
  { outside, signal }: Pick<Reach, "outside" | "signal">,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<string> {
  const { hostname } = new URL(url);
  let answer: Response;
  let text: string;
  try {
    answer = await outside.fetch(url, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    });
    text = await readSome(answer);
  } catch (cause) {
    // The address itself may hold a secret, so only the name of its host is told.
    throw new AppError("upstream", `${hostname} could not be reached, or did not answer within 10 seconds.`, {
      cause,
      internal: String(cause),
      facts: { isFinal: false },
    });
  }
  if (answer.ok) return text;
  const isFinal = answer.status < 500 && !passing.has(answer.status);
  throw new AppError("upstream", `${hostname} answers by ${answer.status}.`, {
    facts: { isFinal, retryAfterSeconds: retryAfter(answer) },
  });
}

/** An answer without end keeps nobody waiting. */
async function readSome(answer: Response): Promise<string> {
  if (answer.body === null) return "";
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.byteLength;
    if (bytes <= answerBytesMax) continue;
    await reader.cancel();
    break;
  }
  return Buffer.concat(parts).toString();
}

function retryAfter({ headers }: Response): number | null {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,5}$/.test(text) ? Number(text) : null;
}

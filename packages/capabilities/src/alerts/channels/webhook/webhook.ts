import type { ChannelProvider, Reach, TargetOf } from "../channel-provider.ts";
import { postJson } from "../post-json.ts";

/**
 * The message as JSON, signed: `x-finops-signature` is `v1=` and the hex of HMAC-SHA256, by the channel's secret, of the timestamp
 * in `x-finops-timestamp`, a point, and the body as it is. `idempotency-key` is the same each time that it is tried.
 */
export const webhookChannel: ChannelProvider<"webhook"> = {
  addressOf: ({ url }) => new URL(url).host,
  deliver: (target, { id, message }, reach) => post(target, id, message, reach),
  deliverReport: (target, { id, report: { title, company, at, url, lines } }, reach) =>
    post(target, id, { what: "report", title, company, at, url, lines }, reach),
};

async function post({ url, secret }: TargetOf<"webhook">, id: string, message: object, reach: Reach): Promise<void> {
  const body = JSON.stringify({ id, ...message });
  const timestamp = String(Math.floor(reach.now.getTime() / 1000));
  await postJson(reach, url, body, {
    "idempotency-key": id,
    "x-finops-timestamp": timestamp,
    "x-finops-signature": `v1=${await sign(secret, `${timestamp}.${body}`)}`,
  });
}

/** Web Crypto alone, so that it runs in a Worker too. */
async function sign(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  return Buffer.from(await crypto.subtle.sign("HMAC", key, encoder.encode(text))).toString("hex");
}

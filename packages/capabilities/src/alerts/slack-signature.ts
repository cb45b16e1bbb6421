const secondsMax = 300;

/**
 * Whether Slack sent this (https://docs.slack.dev/authentication/verifying-requests-from-slack): v0, an HMAC-SHA256 over the body as it
 * came, within five minutes. Web Crypto compares in constant time.
 */
export async function isSignedBySlack(
  signingSecret: string,
  { timestamp, signature, body }: { timestamp: string; signature: string; body: string },
  now: Date,
): Promise<boolean> {
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > secondsMax) return false;
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(signingSecret), algorithm, false, ["verify"]);
  const mac = Uint8Array.from(signature.slice(3).match(/../g)!, (byte) => parseInt(byte, 16));
  return crypto.subtle.verify("HMAC", key, mac, encoder.encode(`v0:${timestamp}:${body}`));
}

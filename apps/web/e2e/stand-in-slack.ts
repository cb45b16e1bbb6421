import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What Slack was asked by us, in the order in which it was. */
interface Called {
  method: string;
  form: Record<string, string>;
}

/** A server that answers as Slack's reference says, for a workspace of one person. */
export interface StandInSlack {
  url: string;
  calls: Called[];
  /** What Slack's app needs to know of it. */
  env: Record<string, string>;
  /** Presses a button of a message as Slack tells us of it: a form, signed over the body as it is. */
  press(serverUrl: string, action: string, value: string): Promise<number>;
  stop(): Promise<void>;
}

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const userId = "U1";

export async function startStandInSlack(email: () => string): Promise<StandInSlack> {
  const calls: Called[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const method = request.url!.replace("/api/", "");
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      calls.push({ method, form });
      answer.setHeader("content-type", "application/json");
      answer.end(JSON.stringify({ ok: true, ...answerTo(method, form, email()) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    env: {
      FINOPS_SLACK_CLIENT_ID: "1.2",
      FINOPS_SLACK_CLIENT_SECRET: "secret-of-the-app",
      FINOPS_SLACK_SIGNING_SECRET: signingSecret,
      FINOPS_SLACK_URL: url,
    },
    async press(serverUrl, action, value) {
      const body = new URLSearchParams({
        payload: JSON.stringify({
          type: "block_actions",
          team: { id: "T1", domain: "acme" },
          user: { id: userId, team_id: "T1" },
          response_url: `${url}/response`,
          actions: [{ type: "button", action_id: action, block_id: "b", value }],
        }),
      }).toString();
      const timestamp = String(Math.floor(Date.now() / 1000));
      const mac = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
      const answer = await fetch(`${serverUrl}/slack/actions`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-slack-request-timestamp": timestamp,
          "x-slack-signature": `v0=${mac}`,
        },
        body,
      });
      return answer.status;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answerTo(method: string, form: Record<string, string>, email: string): object {
  if (method === "oauth.v2.access")
    return { access_token: "xoxb-of-ours", token_type: "bot", team: { id: "T1", name: "Acme" } };
  if (method === "chat.postMessage") return { channel: "C123", ts: "1503435956.000247" };
  if (method === "chat.update") return { channel: "C123", ts: form["ts"], text: form["text"] };
  return { user: { id: form["user"], profile: { email }, team_id: "T1" } };
}

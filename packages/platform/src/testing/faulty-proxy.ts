import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * `away`: the connection ends without an answer. `slow`: the answer takes half a second. Without end, the connection stays
 * open: `silent` hands nothing on, `lost-answer` the request alone, and `stuck-answer` the first bytes of the answer.
 */
type FaultKind =
  | "away"
  | "cut-request"
  | "cut-answer"
  | "slow"
  | "slow-down"
  | "fail"
  | "refuse"
  | "silent"
  | "lost-answer"
  | "stuck-answer";

export interface Fault {
  times: number;
  of(method: string, url: string): boolean;
  /** What is done instead of an answer, or before one. */
  by: FaultKind | (() => Promise<void>);
}

export interface FaultyProxy {
  endpoint: string;
  fail(...faults: Fault[]): void;
  heal(): void;
  stop(): Promise<void>;
}

/** Stands before a store that speaks HTTP and breaks what it is told to. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let faults: Fault[] = [];
  const server = createServer((incoming, answer) => {
    const { method = "", url = "" } = incoming;
    const fault = faults.find(({ times, of }) => times > 0 && of(method, url));
    if (fault === undefined) return forward(target, incoming, answer, Infinity);
    fault.times -= 1;
    if (typeof fault.by === "string") return breakIt(fault.by, target, incoming, answer);
    void fault.by().then(() => forward(target, incoming, answer, Infinity));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (...next) => void (faults = next.map((fault) => ({ ...fault }))),
    heal: () => void (faults = []),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function breakIt(by: FaultKind, target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  if (by === "away") return void incoming.destroy();
  if (by === "slow") return void setTimeout(() => forward(target, incoming, answer, Infinity), 500);
  if (by === "cut-answer") return forward(target, incoming, answer, 100_000);
  if (by === "silent") return void incoming.resume();
  if (by === "lost-answer") return forward(target, incoming, answer, 0, "stay");
  if (by === "stuck-answer") return forward(target, incoming, answer, 100_000, "stay");
  if (by === "cut-request") {
    incoming.once("data", () => incoming.destroy());
    return;
  }
  const [status, code] = errors[by];
  incoming.resume();
  incoming.once("end", () => {
    answer.writeHead(status, { "content-type": "application/xml" });
    answer.end(incoming.method === "HEAD" ? "" : `<Error><Code>${code}</Code><Message>No.</Message></Error>`);
  });
}

const errors = {
  "slow-down": [503, "SlowDown"],
  fail: [500, "InternalError"],
  refuse: [403, "AccessDenied"],
} as const;

/** @param then what becomes of the answer behind so many bytes */
function forward(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  bytesMax: number,
  then: "end" | "stay" = "end",
): void {
  const { method, url, headers } = incoming;
  const sent = request(new URL(url ?? "/", target), { method, headers }, (reply) => {
    if (bytesMax > 0) answer.writeHead(reply.statusCode ?? 502, reply.headers);
    let bytes = 0;
    reply.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes < bytesMax) answer.write(chunk);
      else if (then === "end") answer.destroy();
    });
    reply.on("end", () => bytes < bytesMax && answer.end());
  });
  sent.on("error", () => answer.destroy());
  answer.on("close", () => sent.destroy());
  incoming.pipe(sent);
}

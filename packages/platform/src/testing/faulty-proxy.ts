import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type FaultKind = "cut-request" | "cut-answer" | "slow-down" | "refuse";

interface Fault {
  times: number;
  of(method: string, url: string): boolean;
  by: FaultKind;
}

export interface FaultyProxy {
  endpoint: string;
  fail(fault: Fault): void;
  heal(): void;
  stop(): Promise<void>;
}

/** Stands before an S3 store and breaks what it is told to. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let fault: Fault | null = null;
  const server = createServer((incoming, answer) => {
    const { method = "", url = "" } = incoming;
    if (fault !== null && fault.times > 0 && fault.of(method, url)) {
      fault.times -= 1;
      breakIt(fault.by, target, incoming, answer);
    } else forward(target, incoming, answer, Infinity);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (next) => (fault = { ...next }),
    heal: () => (fault = null),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function breakIt(by: FaultKind, target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  if (by === "cut-answer") return forward(target, incoming, answer, 100_000);
  if (by === "cut-request") {
    incoming.once("data", () => incoming.destroy());
    return;
  }
  const [status, code] = by === "slow-down" ? [503, "SlowDown"] : [403, "AccessDenied"];
  incoming.resume();
  incoming.once("end", () => {
    answer.writeHead(status, { "content-type": "application/xml" });
    answer.end(incoming.method === "HEAD" ? "" : `<Error><Code>${code}</Code><Message>No.</Message></Error>`);
  });
}

function forward(target: string, incoming: IncomingMessage, answer: ServerResponse, bytesMax: number): void {
  const { method, url, headers } = incoming;
  const sent = request(new URL(url ?? "/", target), { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    let bytes = 0;
    reply.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes < bytesMax) answer.write(chunk);
      else answer.destroy();
    });
    reply.on("end", () => answer.end());
  });
  sent.on("error", () => answer.destroy());
  incoming.pipe(sent);
}

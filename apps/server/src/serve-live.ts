import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ServerType } from "@hono/node-server";
import type { LiveSocket, LiveUpgrade } from "@finops/api/live";
import { type WebSocket, WebSocketServer } from "ws";

export interface ServedLive {
  /** Ends all connections; pages come back when the next server is there. */
  stop(): void;
  /** How many pages listen. */
  count(): number;
}

interface LiveOptions {
  fetch(request: Request, env: LiveUpgrade & { incoming: IncomingMessage }): Response | Promise<Response>;
  /** How long a reader may take for one message. */
  sendMaxMs?: number;
  /** How often it is asked whether the other side is still there. */
  pingMs?: number;
}

/**
 * Lets the API answer requests for an upgrade as it answers all others, with the same sign-in and the same errors; where it
 * accepts, the connection becomes a WebSocket.
 */
export function serveLive(server: ServerType, { fetch, sendMaxMs = 20_000, pingMs = 20_000 }: LiveOptions): ServedLive {
  // Pages say nothing, so whoever sends more than a word is cut off.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    void answer(request).then(
      ({ response, converse }) => {
        if (converse === null) return void refuse(stream, response);
        sockets.handleUpgrade(request, stream, head, (socket) => {
          const { live, end } = toLiveSocket(socket, { sendMaxMs, pingMs });
          void converse(live).finally(end);
        });
      },
      () => stream.destroy(),
    );
  });

  async function answer(request: IncomingMessage) {
    let converse: ((socket: LiveSocket) => Promise<void>) | null = null;
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    const scheme = "encrypted" in request.socket ? "https" : "http";
    const response = await fetch(
      new Request(`${scheme}://${request.headers.host ?? "localhost"}${request.url}`, { headers }),
      { acceptLive: (accepted) => (converse = accepted), incoming: request },
    );
    return { response, converse: converse as ((socket: LiveSocket) => Promise<void>) | null };
  }

  return {
    stop() {
      for (const socket of sockets.clients) {
        socket.close(1001, "The server is restarting.");
        setTimeout(() => socket.terminate(), 500).unref();
      }
      sockets.close();
    },
    count: () => sockets.clients.size,
  };
}

function toLiveSocket(
  socket: WebSocket,
  { sendMaxMs, pingMs }: { sendMaxMs: number; pingMs: number },
): { live: LiveSocket; end(): void } {
  const closed = new AbortController();
  let isAlive = true;
  socket.on("pong", () => (isAlive = true));
  socket.on("error", () => socket.terminate());
  socket.on("message", () => socket.close(1008, "Nothing is to be said here."));
  socket.on("close", () => closed.abort());
  const pinging = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  return {
    live: {
      closed: closed.signal,
      send: (text) =>
        new Promise((resolve, reject) => {
          const timer = setTimeout(() => {
            socket.terminate();
            reject(new Error("the reader is too slow"));
          }, sendMaxMs);
          socket.send(text, (error) => {
            clearTimeout(timer);
            if (error) reject(error);
            else resolve();
          });
        }),
      close: (code, reason) => socket.close(code, reason),
    },
    end() {
      clearInterval(pinging);
      if (!closed.signal.aborted) socket.close(1000);
    },
  };
}

async function refuse(stream: Duplex, response: Response): Promise<void> {
  const body = response.ok ? "" : await response.text();
  const status = response.ok ? 426 : response.status;
  const head = [
    `HTTP/1.1 ${status} Refused`,
    "Connection: close",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Content-Type: ${response.headers.get("content-type") ?? "text/plain"}`,
  ];
  stream.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

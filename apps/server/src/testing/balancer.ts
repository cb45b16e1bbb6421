import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

export interface Balancer {
  url: string;
  /** The addresses that take part from now on. */
  spreadOver(urls: readonly string[]): void;
  close(): Promise<void>;
}

/** Gives each new connection to the next of some servers, as what stands in front of a cluster does. It looks into nothing. */
export async function startBalancer(): Promise<Balancer> {
  const open = new Set<Socket>();
  let targets: readonly URL[] = [];
  let turn = 0;
  const server = createServer((from) => {
    const target = targets[turn++ % targets.length];
    if (target === undefined) return from.destroy();
    const to = connect(Number(target.port), target.hostname);
    for (const socket of [from, to]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
    // Which of the two ends first, and how, is theirs to say.
    pipeline(from, to, from, () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    spreadOver(urls) {
      targets = urls.map((url) => new URL(url));
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server of PostgreSQL that can be told to fail. */
export interface NetworkLink {
  /** The same login, by this way. */
  through(url: string): string;
  /** Nothing comes through any more, and nobody is told: as where packets are lost. */
  stall(): void;
  /** Connections are reset and refused. */
  cut(): void;
  heal(): void;
  stop(): Promise<void>;
}

/** @param url of a server on a Unix socket */
export async function startNetworkLink(url: string): Promise<NetworkLink> {
  const socketDir = new URL(url).searchParams.get("host");
  let state: "whole" | "stalled" | "cut" = "whole";
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (state === "cut") return void near.resetAndDestroy();
    const far = connect(`${socketDir}/.s.PGSQL.5432`);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const [from, to] of [pair, [far, near] as const]) {
      from
        .on("data", (bytes: Buffer) => to.write(bytes))
        .on("error", end)
        .on("close", end);
      if (state === "stalled") from.pause();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    through(url) {
      const { username, password, pathname } = new URL(url);
      return `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`;
    },
    stall() {
      state = "stalled";
      for (const socket of [...pairs].flat()) socket.pause();
    },
    cut() {
      state = "cut";
      for (const [near] of pairs) near.resetAndDestroy();
    },
    heal() {
      state = "whole";
      for (const socket of [...pairs].flat()) socket.resume();
    },
    async stop() {
      for (const socket of [...pairs].flat()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, escapeIdentifier } from "pg";

const silenceMaxMs = 15_000;

type OnNotice = (payload: string) => void;

export interface Listener {
  listen(channel: string, onNotice: OnNotice): Promise<() => void>;
  close(): Promise<void>;
}

/**
 * One connection that listens for notices, opened with the first listener and again after it broke. Notices sent
 * meanwhile are lost, so a notice only ever hurries what a poll would find.
 */
export function openListener(url: string): Listener {
  const listeners = new Map<string, Set<OnNotice>>();
  let connection: Promise<Client> | null = null;
  let isClosed = false;

  async function connect(): Promise<Client> {
    const socket = new Socket();
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: silenceMaxMs,
      query_timeout: silenceMaxMs,
      stream: () => socket,
    });
    client.on("notification", ({ channel, payload = "" }) => {
      for (const onNotice of listeners.get(channel) ?? []) onNotice(payload);
    });
    client.on("error", () => void reconnect());
    // Nobody would notice that notices no longer come: a connection that does not answer now and then is broken.
    const asking = setInterval(
      () => void client.query("select").catch(() => socket.destroy(new Error("PostgreSQL sends no notices any more"))),
      silenceMaxMs,
    ).unref();
    client.on("end", () => clearInterval(asking));
    await client.connect();
    for (const channel of listeners.keys()) await client.query(`listen ${escapeIdentifier(channel)}`);
    return client;
  }

  async function reconnect(): Promise<void> {
    connection = null;
    while (!isClosed && connection === null) {
      const client = await connect().catch(() => null);
      if (client !== null) connection = Promise.resolve(client);
      else await sleep(1000, undefined, { ref: false });
    }
  }

  return {
    async listen(channel, onNotice) {
      const known = listeners.get(channel) ?? new Set();
      const isNewChannel = known.size === 0;
      listeners.set(channel, known.add(onNotice));
      const wasConnecting = connection;
      try {
        if (wasConnecting === null) await (connection = connect());
        else if (isNewChannel) await (await wasConnecting).query(`listen ${escapeIdentifier(channel)}`);
      } catch (error) {
        known.delete(onNotice);
        // The next who listens tries anew.
        if (wasConnecting === null) connection = null;
        throw error;
      }
      return () => void known.delete(onNotice);
    },
    async close() {
      isClosed = true;
      await (await connection)?.end();
    },
  };
}

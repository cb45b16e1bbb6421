import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { openWebConnection } from "./web-connection.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that closes so many connections without a word before it answers. */
async function serverThatCloses(times: number) {
  let asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    if (asked <= times) return request.socket.destroy();
    response.end('["n"]\n["7"]\n');
  });
  return { ...(await listenAt(server)), asked: () => asked };
}

async function listenAt(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = openWebConnection({ url, memoryMb: 1024, timeoutMs: 1000 });
  const read = async (signal?: AbortSignal) => {
    const rows = [];
    for await (const some of connection.rows({ sql: "SELECT 7 AS n", values: {}, settings: {} }, signal))
      rows.push(...some);
    return rows;
  };
  return { read };
}

it("asks once more when the server closed the connection without an answer", async () => {
  const { read, asked } = await serverThatCloses(1);
  expect(await read()).toEqual([{ n: "7" }]);
  expect(asked()).toBe(2);
});

it("says that ClickHouse does not answer when it closes the second one too", async () => {
  const { read, asked } = await serverThatCloses(2);
  await expect(read()).rejects.toMatchObject({ code: "upstream" });
  expect(asked()).toBe(2);
});

it("asks no second time for somebody who is gone", async () => {
  const gone = new AbortController();
  let asked = 0;
  server = createServer(() => {
    asked += 1;
    gone.abort();
  });
  const { read } = await listenAt(server);
  await expect(read(gone.signal)).rejects.toMatchObject({ code: "precondition" });
  expect(asked).toBe(1);
});

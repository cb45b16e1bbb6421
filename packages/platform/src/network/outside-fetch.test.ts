import type { lookup } from "node:dns";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isOutside } from "./outside-address.ts";
import { createOutsideFetch } from "./outside-fetch.ts";

it.each([
  ["93.184.216.34", true],
  ["2606:2800:220:1:248:1893:25c8:1946", true],
  ["127.0.0.1", false],
  ["127.1.2.3", false],
  ["0.0.0.0", false],
  ["10.0.0.1", false],
  ["172.16.0.1", false],
  ["192.168.1.1", false],
  ["100.64.0.1", false],
  // Where clouds tell machines their secrets.
  ["169.254.169.254", false],
  ["fd00:ec2::254", false],
  ["::1", false],
  ["::", false],
  ["fe80::1%eth0", false],
  ["fc00::1", false],
  // IPv4 addresses in other clothes.
  ["::ffff:127.0.0.1", false],
  ["::ffff:a9fe:a9fe", false],
  ["64:ff9b::a9fe:a9fe", false],
  ["2002:7f00:1::", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["no address", false],
])("%s is of the internet: %s", (address, outside) => {
  expect(isOutside(address)).toBe(outside);
});

describe("asking an address that somebody wrote down", () => {
  let server: Server;
  let port: number;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request: IncomingMessage, answer) => {
      asked.push(request.headers.host!);
      if (request.url === "/away") return answer.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
      if (request.url === "/999") return answer.writeHead(999).end();
      void text(request).then((sent) =>
        answer.writeHead(200, { "x-sent": request.headers["content-type"] ?? "" }).end(sent),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** A name server that says these addresses, another one each time it is asked. */
  const answering = (...addresses: string[]) =>
    ((_name: string, _options: object, answer: (error: null, all: { address: string; family: number }[]) => void) =>
      answer(null, [
        { address: addresses.length > 1 ? addresses.shift()! : addresses[0]!, family: 4 },
      ])) as unknown as typeof lookup;

  const get = { method: "GET", headers: {} };

  it("reaches nothing inside, by address or by name, and connects to nobody", async () => {
    const fetch = createOutsideFetch({ isInsideAllowed: false, lookupName: answering("127.0.0.1") });
    for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "login.acme.example"])
      await expect(fetch(`http://${host}:${port}/`, get)).rejects.toThrow(/inside of this network/);
    expect(asked).toEqual([]);
  });

  it("refuses a name with one address outside and one inside", async () => {
    const both = ((_name: string, _options: object, answer: (error: null, all: object[]) => void) =>
      answer(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "10.0.0.7", family: 4 },
      ])) as unknown as typeof lookup;
    const fetch = createOutsideFetch({ isInsideAllowed: false, lookupName: both });
    await expect(fetch("https://login.acme.example/", get)).rejects.toThrow(/inside of this network/);
  });

  it("looks a name up once, and connects to what it looked at", async () => {
    const lookupName = answering("127.0.0.1", "10.0.0.7");
    const fetch = createOutsideFetch({ isInsideAllowed: true, lookupName });
    expect((await fetch(`http://login.acme.example:${port}/`, get)).status).toBe(200);
    expect(asked.at(-1)).toBe(`login.acme.example:${port}`);
  });

  it("sends a form, and follows no redirect", async () => {
    const fetch = createOutsideFetch({ isInsideAllowed: true });
    const body = new URLSearchParams({ code: "a b" });
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { accept: "x" }, body });
    expect([answer.headers.get("x-sent"), await answer.text()]).toEqual([
      "application/x-www-form-urlencoded;charset=UTF-8",
      "code=a+b",
    ]);
    const away = await fetch(`http://127.0.0.1:${port}/away`, get);
    expect([away.status, away.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/"]);
  });

  it("fails on a status that is none, and goes on", async () => {
    const fetch = createOutsideFetch({ isInsideAllowed: true });
    await expect(fetch(`http://127.0.0.1:${port}/999`, get)).rejects.toThrow();
    expect((await fetch(`http://127.0.0.1:${port}/`, get)).status).toBe(200);
  });

  it("ends in time", async () => {
    const fetch = createOutsideFetch({ isInsideAllowed: true });
    await expect(fetch(`http://127.0.0.1:${port}/`, { ...get, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

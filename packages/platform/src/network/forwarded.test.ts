import { describe, expect, it } from "vitest";
import { isSafeWay, readForwarded } from "./forwarded.ts";

const direct = { isEncrypted: false, host: "10.0.0.2:3000", address: "10.0.0.1" };
const read = (headers: Record<string, string>, trustedProxies: number) =>
  readForwarded(direct, (name) => headers[name], trustedProxies);

describe("what a proxy says of a request", () => {
  const headers = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "finops.example",
    "x-forwarded-for": "198.51.100.1, 203.0.113.5, 192.0.2.9",
  };

  it("is believed only where a proxy is said to be there", () => {
    expect(read(headers, 0)).toEqual(direct);
    expect(read(headers, 1)).toEqual({ isEncrypted: true, host: "finops.example", address: "192.0.2.9" });
  });

  it("counts from the end, as what stands before is written by anybody", () => {
    expect(read(headers, 2).address).toBe("203.0.113.5");
  });

  it("falls back to the connection where it says nothing that can be read", () => {
    expect(read({ "x-forwarded-for": "unknown" }, 1)).toEqual(direct);
  });

  it.each([
    ["192.0.2.1:443", "192.0.2.1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
  ])("writes %s for %s", (text, address) => {
    expect(read({ "x-forwarded-for": text }, 1).address).toBe(address);
  });
});

it.each([
  ["localhost:3000", true],
  ["acme.localhost:3000", true],
  ["127.0.0.1", true],
  ["[::1]:3000", true],
  ["localhost.example", false],
  ["notlocalhost", false],
  ["127.0.0.1.example", false],
  ["192.168.0.5:3000", false],
])("a browser keeps the cookie over plain http on %s: %s", (host, isSafe) => {
  expect(isSafeWay({ isEncrypted: false, host })).toBe(isSafe);
  expect(isSafeWay({ isEncrypted: true, host })).toBe(true);
});

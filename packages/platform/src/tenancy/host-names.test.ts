import { describe, expect, it } from "vitest";
import { companyUrl, parseHostName } from "./host-names.ts";

const local = "http://localhost:3000";
const hosted = "https://costs.example.com";

describe("a host name", () => {
  it.each([
    [local, "localhost", { kind: "plain" }],
    [local, "127.0.0.1", { kind: "plain" }],
    [local, "[::1]", { kind: "plain" }],
    [local, "acme.localhost", { kind: "subdomain", slug: "acme" }],
    [local, "ACME.localhost.", { kind: "subdomain", slug: "acme" }],
    [local, "a.b.localhost", { kind: "domain", domain: "a.b.localhost" }],
    [local, "acmelocalhost", { kind: "domain", domain: "acmelocalhost" }],
    [local, "localhost.evil.example", { kind: "domain", domain: "localhost.evil.example" }],
    [hosted, "costs.example.com", { kind: "plain" }],
    [hosted, "acme.costs.example.com", { kind: "subdomain", slug: "acme" }],
    [hosted, "localhost", { kind: "plain" }],
    [hosted, "acme.localhost", { kind: "domain", domain: "acme.localhost" }],
    [hosted, "spend.acme.example", { kind: "domain", domain: "spend.acme.example" }],
  ] as const)("below %s, %s is %j", (baseUrl, name, expected) => {
    expect(parseHostName(name, baseUrl)).toEqual(expected);
  });
});

it("puts a company below the platform's name, with its port", () => {
  expect(companyUrl(local, "acme")).toBe("http://acme.localhost:3000");
  expect(companyUrl(hosted, "acme")).toBe("https://acme.costs.example.com");
});

it("leaves a company at an address, which has nothing below it", () => {
  expect(companyUrl("http://127.0.0.1:3000", "acme")).toBe("http://127.0.0.1:3000");
  expect(companyUrl("http://[::1]:3000", "acme")).toBe("http://[::1]:3000");
});

import { expect, it } from "vitest";
import { openNodeBehind } from "./node-behind.ts";

const baseUrl = "https://costs.example.com";

it("is not there where no origin is set", () => {
  expect(openNodeBehind("", baseUrl)).toBeNull();
});

it.each(["https://node.example.com", "https://node.example.com/", "http://127.0.0.1:3000", "http://localhost:3000"])(
  "is asked at %s",
  (origin) => {
    expect(openNodeBehind(origin, baseUrl)).not.toBeNull();
  },
);

it.each([
  ["plain http to another machine", "http://node.example.com"],
  ["a path", "https://node.example.com/api"],
  ["a login", "https://user:password@node.example.com"],
  ["the address that people use, which is the Worker itself", baseUrl],
  ["a company's own subdomain", "https://acme.costs.example.com"],
  ["what is no address", "node.example.com"],
])("refuses %s", (_, origin) => {
  expect(() => openNodeBehind(origin, baseUrl)).toThrow("FINOPS_NODE_ORIGIN takes the address of a Node process");
});

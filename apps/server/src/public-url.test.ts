import { expect, it } from "vitest";
import { readPublicUrl } from "./public-url.ts";

it("is this machine where nothing is said", () => {
  expect(readPublicUrl({}, 3000, null)).toBe("http://localhost:3000");
});

it.each([
  ["https://costs.example.com", "https://costs.example.com"],
  ["https://costs.example.com/", "https://costs.example.com"],
  ["http://costs.example.com:8080", "http://costs.example.com:8080"],
])("is what is said: %s", (text, expected) => {
  expect(readPublicUrl({ FINOPS_PUBLIC_URL: text }, 3000, null)).toBe(expected);
});

it.each(["costs.example.com", "ftp://a.example", "https://a.example/path", "https://user@a.example"])(
  "is refused when it is no address of a site: %s",
  (text) => {
    expect(() => readPublicUrl({ FINOPS_PUBLIC_URL: text }, 3000, null)).toThrow("FINOPS_PUBLIC_URL takes an address");
  },
);

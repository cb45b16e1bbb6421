import { expect, it } from "vitest";
import { AppError, type ErrorCode, errorStatus } from "./app-error.ts";

it("has a sentence for people, and an inside for the log", () => {
  const cause = new Error("ECONNREFUSED");
  const error = new AppError("upstream", "The bucket did not answer. Try again.", {
    internal: "GET failed",
    facts: { bucket: "acme" },
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "AppError",
    code: "upstream",
    message: "The bucket did not answer. Try again.",
    internal: "GET failed",
    facts: { bucket: "acme" },
    cause,
  });
});

it("needs no details", () => {
  const { internal, facts, cause } = new AppError("limit", "Slow down.");
  expect({ internal, facts, cause }).toEqual({ internal: undefined, facts: {}, cause: undefined });
});

it.each([
  ["invalid", 400, 2],
  ["unauthenticated", 401, 3],
  ["forbidden", 403, 3],
  ["not_found", 404, 4],
  ["conflict", 409, 5],
  ["precondition", 412, 5],
  ["limit", 429, 6],
  ["upstream", 502, 7],
  ["internal", 500, 1],
] satisfies [ErrorCode, number, number][])("answers %s with HTTP %d and exit %d", (code, http, exit) => {
  expect(errorStatus[code]).toEqual({ http, exit });
});

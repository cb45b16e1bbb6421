import { AppError } from "@finops/kernel/app-error";
import { expect, it } from "vitest";
import { findSqlState, toAppError, toTransactionError } from "./database-errors.ts";

it("finds the SQLSTATE however deep Prisma or pg put it", () => {
  expect([
    findSqlState({ code: "42501" }),
    findSqlState({ code: "P2010", meta: { driverAdapterError: { cause: { originalCode: "23505" } } } }),
    findSqlState({ code: "P2002" }),
    findSqlState({ code: "P2028" }),
    findSqlState({ code: "P2039" }),
    findSqlState({ code: "P1001" }),
    findSqlState({ code: "EPIPE" }),
    findSqlState(new Error("x")),
    findSqlState("text"),
    findSqlState(null),
  ]).toEqual(["42501", "23505", "23505", "53300", null, "08006", null, null, null, null]);
});

it("answers with a sentence for people, and keeps the database's words inside", () => {
  const error = Object.assign(new Error('duplicate key value violates unique constraint "tenant_slug_key"'), {
    code: "23505",
  });
  expect(toAppError(error)).toMatchObject({
    code: "conflict",
    message: "This exists already.",
    internal: error.message,
    cause: error,
  });
});

it("tells a number that no column holds as a mistake of the request", () => {
  expect(toAppError({ code: "P2020" })).toMatchObject({ code: "invalid" });
});

it("leaves everything else as it is", () => {
  const [ours, defect] = [new AppError("limit", "Slow down."), new TypeError("x is not a function")];
  expect([toAppError(ours), toAppError(defect)]).toEqual([ours, defect]);
});

it("takes a socket that breaks in a transaction for the database's, and only there", () => {
  const broken = Object.assign(new Error("write EPIPE"), { code: "EPIPE", errno: -32, syscall: "write" });
  expect(toTransactionError(broken)).toMatchObject({ code: "upstream", internal: "write EPIPE", cause: broken });
  expect(toAppError(broken)).toBe(broken);
  const [gone, noFile] = ["connect", "open"].map((syscall) =>
    Object.assign(new Error(syscall), { code: "ENOENT", syscall }),
  );
  expect(toTransactionError(gone)).toMatchObject({ code: "upstream" });
  expect(toTransactionError(noFile)).toBe(noFile);
  expect(toTransactionError({ code: "23505" })).toMatchObject({ code: "conflict" });
  const defect = new TypeError("x is not a function");
  expect(toTransactionError(defect)).toBe(defect);
});

it("reads what Prisma hands on of a connection behind what it was asked for", () => {
  const ofPrisma = (code: string, said: string) =>
    Object.assign(new Error(`\nInvalid \`prisma.$queryRaw()\` invocation:\n\n\n${said}`), {
      name: "PrismaClientKnownRequestError",
      code,
    });
  const lost = [
    ofPrisma("ENOENT", "connect ENOENT /data/postgres/.s.PGSQL.5432"),
    ofPrisma("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:5432"),
    ofPrisma("P2010", "Raw query failed. Code: `N/A`. Message: `Server has closed the connection.`"),
    ofPrisma("P2010", "Connection terminated unexpectedly"),
  ];
  for (const error of lost) expect(toTransactionError(error)).toMatchObject({ code: "upstream", cause: error });
  const defect = ofPrisma("P2010", "Raw query failed. Code: `42601`. Message: `syntax error`");
  expect(toTransactionError(defect)).toBe(defect);
});

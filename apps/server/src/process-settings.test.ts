import { expect, it } from "vitest";
import { readListenHost, readOutsideDatabase, readRole } from "./process-settings.ts";

const appUrl = "postgresql://finops_app:hunter2@db.example.com/finops?sslmode=verify-full";
const ownerUrl = "postgresql://finops_owner:hunter2@db.example.com/finops?sslmode=verify-full";
const shared = {
  DATABASE_URL: appUrl,
  FINOPS_S3_BUCKET: "bills",
  FINOPS_CLICKHOUSE_URL: "https://clickhouse.example.com",
  FINOPS_MASTER_KEY: "key",
  FINOPS_PUBLIC_URL: "https://costs.example.com",
};

it("is one process on the embedded PostgreSQL, heard on this machine alone, where nothing is set", () => {
  expect([readRole({}), readOutsideDatabase({}, "all"), readListenHost({})]).toEqual(["all", null, "127.0.0.1"]);
  expect(readListenHost({ FINOPS_HOST: "0.0.0.0" })).toBe("0.0.0.0");
});

it("takes a PostgreSQL outside, with what several processes share", () => {
  expect(readRole({ ...shared, FINOPS_ROLE: "worker" })).toBe("worker");
  expect(readOutsideDatabase(shared, "api")).toEqual({
    appUrl,
    listenUrl: appUrl,
    ownerUrl: null,
    adminUrl: null,
    connectionsMax: 10,
  });
  const more = {
    FINOPS_DATABASE_OWNER_URL: ownerUrl,
    FINOPS_DATABASE_LISTEN_URL: "postgres://finops_app:hunter2@direct.example.com/finops",
    FINOPS_DATABASE_CONNECTIONS: "40",
  };
  expect(readOutsideDatabase({ ...shared, ...more }, "all")).toMatchObject({
    ownerUrl,
    listenUrl: more.FINOPS_DATABASE_LISTEN_URL,
    connectionsMax: 40,
  });
});

it("needs only the two logins to migrate", () => {
  const env = { DATABASE_URL: appUrl, FINOPS_ROLE: "migrate" };
  expect(() => readOutsideDatabase(env, "migrate")).toThrow("FINOPS_ROLE=migrate needs FINOPS_DATABASE_OWNER_URL");
  expect(readOutsideDatabase({ ...env, FINOPS_DATABASE_OWNER_URL: ownerUrl }, "migrate")).toMatchObject({ ownerUrl });
});

it.each([
  [{ FINOPS_S3_BUCKET: "" }, "Set FINOPS_S3_BUCKET as well: bills that one process takes in"],
  [{ FINOPS_CLICKHOUSE_URL: "" }, "Set FINOPS_CLICKHOUSE_URL as well: files of DuckDB are one process's own"],
  [{ FINOPS_MASTER_KEY: "" }, "Set FINOPS_MASTER_KEY as well"],
  [{ FINOPS_PUBLIC_URL: "" }, "Set FINOPS_PUBLIC_URL as well"],
  [{ DATABASE_URL: "mysql://db/finops" }, "DATABASE_URL takes an address such as"],
  [{ FINOPS_DATABASE_LISTEN_URL: "direct" }, "FINOPS_DATABASE_LISTEN_URL takes an address such as"],
  [{ FINOPS_DATABASE_ADMIN_URL: appUrl }, "FINOPS_DATABASE_ADMIN_URL needs FINOPS_DATABASE_OWNER_URL"],
  [{ FINOPS_DATABASE_CONNECTIONS: "0" }, "a whole number from 1 to 999"],
  [{ DATABASE_URL: "", FINOPS_DATABASE_OWNER_URL: ownerUrl }, "FINOPS_DATABASE_OWNER_URL goes with DATABASE_URL"],
])("refuses %o in words, without a password", (change, sentence) => {
  const refused = () => readOutsideDatabase({ ...shared, ...change }, "api");
  expect(refused).toThrow(sentence);
  expect(refused).not.toThrow("hunter2");
});

it("refuses roles that there are not, and those of several processes where one has everything", () => {
  expect(() => readRole({ FINOPS_ROLE: "web" })).toThrow('FINOPS_ROLE takes all, api, worker, migrate, not "web".');
  for (const role of ["api", "worker", "migrate"])
    expect(() => readRole({ FINOPS_ROLE: role })).toThrow(`FINOPS_ROLE=${role} is for several processes`);
});

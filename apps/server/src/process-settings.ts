import { AppError } from "@finops/kernel/app-error";

export const roles = ["all", "api", "worker", "migrate"] as const;
/** What a process does: everything, answer requests, work off what is queued, or bring the database up to date and end. */
export type Role = (typeof roles)[number];

/** The logins on a PostgreSQL outside of this process. */
export interface OutsideDatabase {
  /** As the application, perhaps through a pooler. */
  appUrl: string;
  /** The same past a pooler, for notices. */
  listenUrl: string;
  /** As the owner of all tables; null where another process migrates. */
  ownerUrl: string | null;
  /** As who may make roles and databases; null where they are there. */
  adminUrl: string | null;
  connectionsMax: number;
}

/** @throws precondition for a role that needs a database outside, invalid for another word */
export function readRole(env: NodeJS.ProcessEnv): Role {
  const text = env["FINOPS_ROLE"] || "all";
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new AppError("invalid", `FINOPS_ROLE takes ${roles.join(", ")}, not "${text}".`);
  if (role !== "all" && (env["DATABASE_URL"] ?? "") === "")
    throw new AppError(
      "precondition",
      `FINOPS_ROLE=${role} is for several processes, which share a PostgreSQL: set DATABASE_URL. The embedded one is one process's own.`,
    );
  return role;
}

/**
 * The PostgreSQL of `DATABASE_URL`, null for the embedded one. With it nothing that others need lies on this machine, so that any
 * process may go and come at any time. @throws precondition for what several processes cannot share, in words
 */
export function readOutsideDatabase(env: NodeJS.ProcessEnv, role: Role): OutsideDatabase | null {
  const value = (name: string) => env[name] ?? "";
  const appUrl = value("DATABASE_URL");
  const others = ["FINOPS_DATABASE_OWNER_URL", "FINOPS_DATABASE_ADMIN_URL", "FINOPS_DATABASE_LISTEN_URL"];
  if (appUrl === "") {
    const useless = [...others, "FINOPS_DATABASE_CONNECTIONS"].find((name) => value(name) !== "");
    if (useless === undefined) return null;
    throw new AppError("precondition", `${useless} goes with DATABASE_URL, which is not set.`);
  }
  for (const name of ["DATABASE_URL", ...others]) if (value(name) !== "") requirePostgresUrl(name, value(name));
  const orNull = (name: string) => (value(name) === "" ? null : value(name));
  const [ownerUrl, adminUrl] = [orNull("FINOPS_DATABASE_OWNER_URL"), orNull("FINOPS_DATABASE_ADMIN_URL")];
  if (ownerUrl === null && (role === "migrate" || adminUrl !== null))
    throw new AppError(
      "precondition",
      `${role === "migrate" ? "FINOPS_ROLE=migrate" : "FINOPS_DATABASE_ADMIN_URL"} needs FINOPS_DATABASE_OWNER_URL, the login as finops_owner.`,
    );
  if (role !== "migrate") requireShared(value);
  return {
    appUrl,
    listenUrl: value("FINOPS_DATABASE_LISTEN_URL") || appUrl,
    ownerUrl,
    adminUrl,
    connectionsMax: readConnectionsMax(value("FINOPS_DATABASE_CONNECTIONS")),
  };
}

/**
 * How many states of each month are left, from `FINOPS_KEEP_STATES`; null keeps all.
 * @throws invalid for what is no whole number from 1 on
 */
export function readKeepStates(env: NodeJS.ProcessEnv): number | null {
  const text = env["FINOPS_KEEP_STATES"] ?? "";
  if (text === "") return null;
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new AppError("invalid", `FINOPS_KEEP_STATES takes a whole number from 1 on, not "${text}".`);
  return Number(text);
}

/** Where requests are listened for; this machine alone where nothing is set. */
export function readListenHost(env: NodeJS.ProcessEnv): string {
  return env["FINOPS_HOST"] || "127.0.0.1";
}

/** What lies in a data folder otherwise, and why that will not do. */
const sharedParts = [
  ["FINOPS_S3_BUCKET", "bills that one process takes in are read by another one"],
  ["FINOPS_CLICKHOUSE_URL", "files of DuckDB are one process's own"],
  ["FINOPS_MASTER_KEY", "a secret that one process seals is opened by another one"],
  ["FINOPS_PUBLIC_URL", "links lead to all processes by one address"],
] as const;

function requireShared(value: (name: string) => string): void {
  for (const [name, why] of sharedParts)
    if (value(name) === "")
      throw new AppError("precondition", `DATABASE_URL is for several processes. Set ${name} as well: ${why}.`);
}

function requirePostgresUrl(name: string, text: string): void {
  // The address is not repeated: it may hold a password.
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new AppError(
      "precondition",
      `${name} takes an address such as postgresql://finops_app:password@db.example.com:5432/finops?sslmode=verify-full.`,
    );
}

function readConnectionsMax(text: string): number {
  if (text === "") return 10;
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new AppError("invalid", `FINOPS_DATABASE_CONNECTIONS takes a whole number from 1 to 999, not "${text}".`);
  return Number(text);
}

/** Whether the Worker stands at `FINOPS_PUBLIC_URL`: it hears no notices of the database, and is told by workers. */
export function isEdgeInFront(env: NodeJS.ProcessEnv): boolean {
  return env["FINOPS_EDGE_IN_FRONT"] === "1";
}

/** For people. */
export function costEngineName(env: NodeJS.ProcessEnv): "ClickHouse" | "DuckDB" {
  return readClickHouseUrl(env) === null ? "DuckDB" : "ClickHouse";
}

/** The server of `FINOPS_CLICKHOUSE_URL`; null where costs stay in DuckDB. */
export function readClickHouseUrl(env: NodeJS.ProcessEnv): string | null {
  const url = env["FINOPS_CLICKHOUSE_URL"] ?? "";
  return url === "" ? null : url;
}

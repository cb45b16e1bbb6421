import { AppError, type ErrorCode } from "@finops/kernel/app-error";

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const answers: Record<string, { code: ErrorCode; sentence: string }> = {
  "42501": { code: "forbidden", sentence: "This belongs to another company, or may not be changed." },
  "23505": { code: "conflict", sentence: "This exists already." },
  "23503": {
    code: "conflict",
    sentence: "This refers to something that is no longer there, or is still in use. Reload and try again.",
  },
  "23502": { code: "invalid", sentence: "A required value is missing." },
  "23514": { code: "invalid", sentence: "A value is not one of those allowed." },
  "22003": { code: "invalid", sentence: "A number is larger than what can be stored." },
  "22008": { code: "invalid", sentence: "A day lies outside of what can be stored." },
  "22P02": { code: "invalid", sentence: "A value cannot be read as what it should be." },
  "40001": { code: "conflict", sentence: "Somebody changed the same thing at the same time. Try again." },
  "40P01": { code: "conflict", sentence: "Somebody changed the same thing at the same time. Try again." },
  P0002: { code: "not_found", sentence: "This is no longer there. Reload and try again." },
  "08006": { code: "upstream", sentence: "The database does not answer. Try again in a moment." },
  "57P01": { code: "upstream", sentence: "The database does not answer. Try again in a moment." },
  "57P03": { code: "upstream", sentence: "The database does not answer. Try again in a moment." },
  "53100": {
    code: "limit",
    sentence: "The disk of the database is full. Whoever runs the platform must make room; nothing was changed.",
  },
  "53300": { code: "limit", sentence: "The database is busy. Try again in a moment." },
};

// Prisma has codes of its own for what it understood, and for its own limits.
const sqlStateOfPrismaCode: Record<string, string> = {
  P1001: "08006",
  P1002: "08006",
  P1008: "08006",
  P1017: "08006",
  P2002: "23505",
  P2003: "23503",
  P2011: "23502",
  P2020: "22003",
  P2024: "53300",
  P2025: "P0002",
  P2028: "53300",
  P2034: "40001",
};

/** An AppError for what the database answered; anything that is no database error comes back as it is. */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return answerTo(findSqlState(error), error);
}

function answerTo(sqlState: string | null, error: unknown): unknown {
  const answer = answers[sqlState ?? ""];
  if (!answer) return error;
  return new AppError(answer.code, answer.sentence, {
    internal: error instanceof Error ? error.message : String(error),
    cause: error,
  });
}

/**
 * The same for what a transaction failed with: there, a broken socket is the database's. pg hands it on as the system told it
 * when a connection was written to at the moment in which PostgreSQL died.
 */
export function toTransactionError(error: unknown): unknown {
  const { code, syscall, name } = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  // Prisma sets what it was asked for before what the driver says.
  const message = error instanceof Error ? error.message.slice(error.message.lastIndexOf("\n") + 1) : "";
  // A Unix socket goes with its server; a file that is missing is another matter.
  const isGone = code === "ENOENT" && (syscall === "connect" || message.includes("connect ENOENT"));
  // Prisma keeps the system's code and not its call.
  const isOfSocket = typeof syscall === "string" || name === "PrismaClientKnownRequestError";
  const isBroken =
    isGone || (typeof code === "string" && brokenCodes.has(code) && isOfSocket) || connectionErrors.test(message);
  return isBroken ? answerTo("08006", error) : toAppError(error);
}

const brokenCodes = new Set([
  "EPIPE",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** What pg and its pool say of a connection that broke or was never had; they give no code. */
const connectionErrors =
  /^(timeout expired|timeout exceeded when trying to connect|Connection terminated .*|Client has encountered a connection error and is not queryable|Raw query failed\. .*Server has closed the connection\.`)$/;

/** The SQLSTATE inside an error of Prisma or pg; null when there is none. */
export function findSqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, originalCode, meta, cause, driverAdapterError } = error as Record<string, unknown>;
  for (const candidate of [originalCode, code]) {
    // Prisma's own codes (P1001) and those of the system (EPIPE) have five characters too.
    if (typeof candidate === "string" && /^(?!P[1-9])(?=.*\d)[0-9A-Z]{5}$/.test(candidate)) return candidate;
  }
  const inner = findSqlState(driverAdapterError) ?? findSqlState(meta) ?? findSqlState(cause);
  return inner ?? (typeof code === "string" ? (sqlStateOfPrismaCode[code] ?? null) : null);
}

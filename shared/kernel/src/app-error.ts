export type ErrorCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "limit"
  | "too_large"
  | "precondition"
  | "upstream"
  | "internal";

export interface AppErrorDetails {
  /** For the log only; never sent to a client. */
  internal?: string;
  /** Machine-readable facts for the client, such as the missing columns of a bill. */
  facts?: Record<string, unknown>;
  cause?: unknown;
}

/** An error with an outside text (`message`, for people, says what to do) and an inside text (`internal`, for the log). */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly internal: string | undefined;
  readonly facts: Record<string, unknown>;

  constructor(code: ErrorCode, publicSentence: string, details: AppErrorDetails = {}) {
    super(publicSentence, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.internal = details.internal;
    this.facts = details.facts ?? {};
  }
}

/** HTTP status and exit status of each code; both doors (API and CLI) read this one table. */
export const errorStatus: Record<ErrorCode, { http: number; exit: number }> = {
  invalid: { http: 400, exit: 2 },
  unauthenticated: { http: 401, exit: 3 },
  forbidden: { http: 403, exit: 3 },
  not_found: { http: 404, exit: 4 },
  conflict: { http: 409, exit: 5 },
  precondition: { http: 412, exit: 5 },
  limit: { http: 429, exit: 6 },
  too_large: { http: 413, exit: 2 },
  upstream: { http: 502, exit: 7 },
  internal: { http: 500, exit: 1 },
};

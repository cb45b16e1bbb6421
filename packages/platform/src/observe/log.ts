import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { requestScope } from "./request-scope.ts";

export type Logger = PinoLogger;

export interface LogOptions {
  level?: string;
  /** Fields of every line, such as the name of the process. */
  fields?: Record<string, unknown>;
  /** Standard error by default: standard output belongs to a command's answer. */
  destination?: DestinationStream;
  /** Fields of what runs when a line is written. */
  fieldsNow?: () => Record<string, string>;
  /** Is given each line as well. */
  alsoTo?: ((line: string) => void) | null;
}

// What must never reach a log, at the top level and one and two levels down (pino's paths have no deep wildcard).
const secretFields = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "token",
  "secret",
  "apiKey",
  "ownerUrl",
  "appUrl",
  "adminUrl",
];
const redactedPaths = secretFields.flatMap((field) =>
  ["", "*.", "*.*."].map((prefix) => `${prefix}["${field}"]`.replace('.["', '["')),
);

export function createLog(options: LogOptions = {}): Logger {
  return pino(
    {
      level: options.level ?? "info",
      base: options.fields ?? null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ ...requestFields(), ...options.fieldsNow?.() }),
      redact: { paths: redactedPaths, censor: "[redacted]" },
    },
    toBoth(options.destination ?? pino.destination(2), options.alsoTo ?? null),
  );
}

function requestFields(): Record<string, string> {
  const scope = requestScope();
  return scope === undefined ? {} : { requestId: scope.requestId, route: scope.route };
}

function toBoth(destination: DestinationStream, also: LogOptions["alsoTo"]): DestinationStream {
  if (also === null || also === undefined) return destination;
  return {
    write(line) {
      destination.write(line);
      also(line);
    },
  };
}

/** For tests and for commands that print their own progress. */
export const silentLog: Logger = pino({ level: "silent" });

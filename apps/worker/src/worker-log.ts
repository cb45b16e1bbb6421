import { pino } from "pino";
import type { Logger } from "@finops/platform/observe/log";

const secret = /^(authorization|cookie|set-cookie|password|token|secret|apiKey|ownerUrl|appUrl|adminUrl)$/i;

/** Lines of JSON on the console, which Workers Logs keeps. What must never reach a log is left out, as on every host. */
export function createWorkerLog(level: string): Logger {
  const write = (line: object) => console.log(JSON.stringify(line, leaveOutSecrets));
  return pino({ level, browser: { write, asObject: true, serialize: true } });
}

function leaveOutSecrets(key: string, value: unknown): unknown {
  if (secret.test(key)) return "[redacted]";
  return typeof value === "bigint" ? String(value) : value;
}

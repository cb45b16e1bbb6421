import { AppError } from "@finops/kernel/app-error";
import type { OpenedTelemetry } from "./open-telemetry.ts";

/** Where figures and traces go. */
export interface TelemetrySettings {
  /** Where an OpenTelemetry collector takes them, by the standard variables; false sends none. */
  isSent: boolean;
  /** Where Prometheus reads figures; null for nowhere. */
  metrics: { port: number; host: string } | null;
  /** How a company is named: by a hash, or by its id. */
  tenants: "hash" | "id";
}

/** Null where nobody looks. @throws invalid for what cannot be */
export function readTelemetry(env: NodeJS.ProcessEnv): TelemetrySettings | null {
  const port = env["FINOPS_METRICS_PORT"] ?? "";
  const tenants = env["FINOPS_TELEMETRY_TENANTS"] || "hash";
  const protocol = env["OTEL_EXPORTER_OTLP_PROTOCOL"] || "http/json";
  const isSent = (env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "") !== "" && env["OTEL_SDK_DISABLED"] !== "true";
  if (port !== "" && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535))
    throw new AppError("invalid", `FINOPS_METRICS_PORT takes the number of a port, not "${port}".`);
  if (port !== "" && port !== "0" && port === (env["PORT"] ?? "3000"))
    throw new AppError(
      "invalid",
      "FINOPS_METRICS_PORT is a port of its own: figures are not for those who reach PORT.",
    );
  if (tenants !== "hash" && tenants !== "id")
    throw new AppError("invalid", `FINOPS_TELEMETRY_TENANTS takes hash or id, not "${tenants}".`);
  if (isSent && protocol !== "http/json")
    throw new AppError(
      "invalid",
      `OTEL_EXPORTER_OTLP_PROTOCOL takes http/json, not "${protocol}". Collectors take it at the port of http/protobuf.`,
    );
  if (port === "" && !isSent) return null;
  const metrics = port === "" ? null : { port: Number(port), host: env["FINOPS_METRICS_HOST"] || "127.0.0.1" };
  return { isSent, metrics, tenants };
}

/** What the environment asks for; the library is loaded only where it asks for something. */
export async function openTelemetryOf(env: NodeJS.ProcessEnv): Promise<OpenedTelemetry | null> {
  const settings = readTelemetry(env);
  if (settings === null) return null;
  const { openTelemetry } = await import("./open-telemetry.ts");
  return openTelemetry(settings, env["FINOPS_ROLE"] || "all");
}

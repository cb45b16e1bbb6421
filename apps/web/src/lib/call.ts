import type { Operations } from "@finops/api/operations";
import { request } from "./api.ts";

type Given<Name extends string, T> = [T] extends [never] ? object : { [N in Name]: T };

type CallOptions<K extends keyof Operations> = Given<"params", Operations[K]["params"]> &
  Given<"query", Operations[K]["query"]> &
  Given<"body", Operations[K]["body"]> & { signal?: AbortSignal };

/**
 * Asks the API by method and path: `call("GET /api/v1/cost/catalog", { signal })`. Path, parameters, body and answer are
 * checked against the server's own schemas when this is compiled. Throws what `request` throws.
 */
export function call<K extends keyof Operations>(
  operation: K,
  options: CallOptions<K>,
): Promise<Operations[K]["answer"]> {
  const { params, query, body, signal } = options as {
    params?: Record<string, unknown>;
    query?: Record<string, unknown>;
    body?: unknown;
    signal?: AbortSignal;
  };
  const [method, path] = operation.split(" ") as ["GET" | "POST", string];
  return request(`${fillPath(path, params)}${searchOf(query)}`, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function fillPath(path: string, params: Record<string, unknown> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function searchOf(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === "" ? "" : `?${search}`;
}

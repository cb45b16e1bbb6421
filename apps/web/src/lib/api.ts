import type { ErrorCode } from "@finops/kernel/app-error";
import { noteServerTime } from "./server-clock.ts";

/** What the API says went wrong: a sentence for people, a code for the page, an id to quote. */
export class ApiProblem extends Error {
  readonly code: ErrorCode | "offline";
  readonly requestId: string | null;
  readonly facts: Record<string, unknown>;

  constructor(code: ApiProblem["code"], detail: string, requestId: string | null, facts: Record<string, unknown> = {}) {
    super(detail);
    this.name = "ApiProblem";
    this.code = code;
    this.requestId = requestId;
    this.facts = facts;
  }
}

interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  accept?: string;
}

/** Asks the API. Throws `ApiProblem` for every answer that is not one of success, and when there is no answer. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await readAnswer(path, options);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** The answer itself, for what is not JSON. Throws as `request` does. */
export async function readAnswer(
  path: string,
  { method = "GET", body, signal, accept }: RequestOptions = {},
): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(accept === undefined ? {} : { accept }),
      // What only reads needs none, and then finds what the page's head has asked for already.
      ...(method === "GET" ? {} : requestHeaders),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw offline();
  });
  noteServerTime(response.headers.get("date"));
  if (!response.ok) throw readProblem(response.status, await response.text(), response.headers.get("x-request-id"));
  return response;
}

/** Streams a file up. XMLHttpRequest, because fetch does not tell how much has been sent. */
export function upload(
  path: string,
  file: Blob,
  {
    onSent,
    signal,
    headers = {},
  }: { onSent: (bytes: number) => void; signal: AbortSignal; headers?: Readonly<Record<string, string>> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("PUT", path);
    xhr.setRequestHeader("content-type", "application/octet-stream");
    for (const [name, value] of Object.entries({ ...requestHeaders, ...headers })) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => onSent(event.loaded);
    xhr.onload = () =>
      xhr.status < 300
        ? resolve()
        : reject(readProblem(xhr.status, xhr.responseText, xhr.getResponseHeader("x-request-id")));
    xhr.onerror = () => reject(offline());
    xhr.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    signal.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}

// A form of another site cannot set a header, so what carries it comes from this page.
const requestHeaders = { "x-finops-request": "1" };

function offline(): ApiProblem {
  return new ApiProblem(
    "offline",
    "The server does not answer. Check that it runs and that you are connected; this page tries again by itself.",
    null,
  );
}

function readProblem(status: number, text: string, requestId: string | null): ApiProblem {
  const body = parseObject(text);
  const detail =
    typeof body["detail"] === "string"
      ? body["detail"]
      : `The server answered with status ${status}. Try again in a moment.`;
  const code = typeof body["code"] === "string" ? (body["code"] as ErrorCode) : "internal";
  const facts =
    typeof body["facts"] === "object" && body["facts"] !== null ? (body["facts"] as Record<string, unknown>) : {};
  return new ApiProblem(code, detail, typeof body["requestId"] === "string" ? body["requestId"] : requestId, facts);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A proxy in between answers in HTML.
    return {};
  }
}

import { errorStatus, AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Problem } from "@finops/platform/http/problem";

/** What everybody gets while an operator has everything closed. */
export function underMaintenance(sentence: string): Response {
  return answerProblem("maintenance", 503, "upstream", sentence, 120);
}

/** For what went wrong before the API had the request, which answers for itself from there on. */
export function answerFailure(error: unknown): Response {
  // What is not set is said to whoever tries the Worker first, since it answers nothing else.
  const { code, message } =
    error instanceof AppError
      ? error
      : { code: "internal" as const, message: "Something went wrong on our side. Try again in a moment." };
  return answerProblem(code.replaceAll("_", " "), errorStatus[code].http, code, message, 5);
}

function answerProblem(
  title: string,
  status: number,
  code: Problem["code"],
  detail: string,
  retrySeconds: number,
): Response {
  const body: Problem = { type: `/docs/errors#${code}`, title, status, detail, code, requestId: newId() };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "retry-after": String(retrySeconds) },
  });
}

import { newId } from "@finops/kernel/id";
import type { Problem } from "@finops/platform/http/problem";

const retrySeconds = 120;

/** What everybody gets while an operator has everything closed. */
export function underMaintenance(sentence: string): Response {
  const body: Problem = {
    type: "/docs/errors#upstream",
    title: "maintenance",
    status: 503,
    detail: sentence,
    code: "upstream",
    requestId: newId(),
  };
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: { "content-type": "application/problem+json", "retry-after": String(retrySeconds) },
  });
}

import type { CostAnswer, CostQueryInput } from "@finops/capabilities/costs/contract";

/** Nobody waits longer for a page, and a bench that nobody watches must come to its end. */
const answerMaxMs = 60_000;

/** Asks the API for costs with a key. Throws for every answer that is not 200, with what it said, and for none in time. */
export async function askCosts(url: string, key: string, query: CostQueryInput): Promise<CostAnswer> {
  const answer = await fetch(`${url}/api/v1/cost/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(query),
    signal: AbortSignal.timeout(answerMaxMs),
  });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return (await answer.json()) as CostAnswer;
}

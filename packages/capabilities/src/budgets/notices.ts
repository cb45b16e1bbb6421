import type { NewNotice } from "@finops/platform/notices/keep-notices";
import type { BudgetState } from "./contract.ts";

const stateTexts: Readonly<Record<BudgetState, string>> = {
  "no-limit": "Nobody can tell what it may cost.",
  "no-data": "It has no data.",
  "on-track": "It is on track.",
  "at-risk": "It is within its limit, and expected to end over it.",
  exceeded: "It is over its limit.",
};

export function stateNotice(
  { id, definition }: { id: string; definition: { watchers: readonly { id: string }[] } },
  state: BudgetState,
): NewNotice {
  const personIds = definition.watchers.map((one) => one.id);
  return { about: { budgetId: id }, personIds, kind: "state", text: stateTexts[state], byName: "" };
}

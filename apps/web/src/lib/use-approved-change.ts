import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { changeRequestsKey } from "./change-requests.ts";
import { useToasts } from "./toasts.tsx";
import { type QuickChange, useQuickChange } from "./use-quick-change.ts";

/** Whether the API has not made a change but asked for an approval of it, as a policy of the company wants. */
export function isWaiting(answer: unknown): answer is WaitingChange {
  return typeof answer === "object" && answer !== null && "request" in answer;
}

/** Says that a change waits, until when, and leads to it. */
export function useTellWaiting(): (waiting: WaitingChange) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const tell = useToasts((toasts) => toasts.show);
  return async ({ request: { id, summary, peopleNeeded, expiresAt } }) => {
    const who = peopleNeeded === 1 ? "Another person approves it" : `${peopleNeeded} other people approve it`;
    tell({
      id: `waiting ${id}`,
      tone: "info",
      title: "Nothing is changed yet: this waits for approval.",
      body: `${summary} ${who} until ${formatInstant(expiresAt)}, or it lapses.`,
      action: {
        label: "See what you asked for",
        onSelect: () => void navigate({ to: "/settings/approvals", search: { request: id } }),
      },
      isSticky: true,
    });
    await client.invalidateQueries({ queryKey: changeRequestsKey });
  };
}

/** A quick change that a policy of the company may hold back: then it says so, and what was shown is taken back. */
export function useApprovedChange<Kept, Input, Answer = unknown>(change: QuickChange<Kept, Input, Answer>) {
  const tellWaiting = useTellWaiting();
  return useQuickChange<Kept, Input, Answer | WaitingChange>({
    ...change,
    send: async (input) => {
      const answer = await change.send(input);
      if (isWaiting(answer)) await tellWaiting(answer);
      return answer;
    },
  });
}

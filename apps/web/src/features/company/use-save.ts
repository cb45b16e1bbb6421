import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting, useTellWaiting } from "../../lib/use-approved-change.ts";

interface Save<Input> {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  path: (input: Input) => string;
  body?: (input: Input) => unknown;
  /** What is read anew then. */
  stale: QueryKey;
  /** What is said when it is done; left out where the page shows it. */
  done?: string;
  refused: string;
}

/** A change of the company's settings, which says what came of it. One that waits for an approval says so; its answer is null. */
export function useSave<Input, Answer = unknown>({ method, path, body, stale, done, refused }: Save<Input>) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  const tellWaiting = useTellWaiting();
  return useMutation({
    mutationFn: async (input: Input) => {
      const answer = await request<Answer | WaitingChange>(path(input), {
        method,
        ...(body === undefined ? {} : { body: body(input) }),
      });
      if (!isWaiting(answer)) return answer;
      await tellWaiting(answer);
      return null;
    },
    onSuccess: async (answer) => {
      if (answer === null) return;
      if (done !== undefined) tell({ id: "saved", tone: "info", title: done });
      await Promise.all([stale, sessionKey].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: (error) => tell({ id: "saved", tone: "error", title: refused, body: error.message }),
  });
}

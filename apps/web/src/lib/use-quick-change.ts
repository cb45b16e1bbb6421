import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useToasts } from "./toasts.tsx";

export interface QuickChange<Kept, Input, Answer> {
  /** What is on the screen, by its query's key. */
  key: QueryKey;
  /** What else may be different then, by the beginning of its key. */
  stale: readonly QueryKey[];
  send: (input: Input) => Promise<Answer>;
  /** What is on the screen with the change in it; left out where only the server can tell. */
  show?: (kept: Kept, input: Input) => Kept;
  /** The title of the message when the server refuses; its own sentence follows. */
  refused: string;
}

/** How many changes were sent and not answered yet, by what they change. */
const underWay = new Map<string, number>();

function count(name: string, by: 1 | -1): number {
  const now = (underWay.get(name) ?? 0) + by;
  underWay.set(name, now);
  return now;
}

/**
 * A change that is seen at once, and taken back with the server's sentence when it is refused. Changes of one thing are sent one
 * after the other: two on their way at once may arrive in the other order, and the earlier one would stay.
 */
export function useQuickChange<Kept, Input, Answer = unknown>(change: QuickChange<Kept, Input, Answer>) {
  const { key, stale, send, show, refused } = change;
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: send,
    scope: { id: JSON.stringify(key) },
    onMutate: async (input: Input) => {
      count(JSON.stringify(key), 1);
      // An answer that is on its way does not know of the change yet.
      await client.cancelQueries({ queryKey: key, exact: true });
      const before = client.getQueryData<Kept>(key);
      if (before !== undefined && show !== undefined) client.setQueryData(key, show(before, input));
      // The page may show another list by the time of the answer.
      return { before, key };
    },
    onError: (error, _, context) => {
      if (context?.before !== undefined) client.setQueryData(context.key, context.before);
      tell({ id: refused, tone: "error", title: refused, body: error.message });
    },
    onSettled: async (_answer, _error, _input, context) => {
      const changed = context?.key ?? key;
      // The last of several changes in a row asks; before that, an answer would not have the later ones.
      if (count(JSON.stringify(changed), -1) > 0) return;
      await Promise.all([changed, ...stale].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

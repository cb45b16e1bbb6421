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

/** A change that is seen at once, and taken back with the server's sentence when it is refused. */
export function useQuickChange<Kept, Input, Answer = unknown>(change: QuickChange<Kept, Input, Answer>) {
  const { key, stale, send, show, refused } = change;
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationKey: key,
    mutationFn: send,
    onMutate: async (input: Input) => {
      // An answer that is on its way does not know of the change yet.
      await client.cancelQueries({ queryKey: key, exact: true });
      const before = client.getQueryData<Kept>(key);
      if (before !== undefined && show !== undefined) client.setQueryData(key, show(before, input));
      return { before };
    },
    onError: (error, _, context) => {
      if (context?.before !== undefined) client.setQueryData(key, context.before);
      tell({ id: refused, tone: "error", title: refused, body: error.message });
    },
    onSettled: async () => {
      // The last of several changes in a row asks; before that, an answer would not have the later ones.
      if (client.isMutating({ mutationKey: key }) > 1) return;
      await Promise.all([key, ...stale].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

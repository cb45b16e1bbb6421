import type { Inbox } from "@finops/capabilities/inbox/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../api.ts";
import { useLiveEvents } from "../live.ts";
import { useToasts } from "../toasts.tsx";

/** What the reader is told. */
export const inboxQuery = queryOptions({
  queryKey: ["inbox"],
  queryFn: ({ signal }) => request<Inbox>("/api/v1/inbox", { signal }),
});

/** Keeps it up to date: the server says so to the reader alone. */
export function useLiveInbox(): void {
  const client = useQueryClient();
  useLiveEvents("inbox", () => void client.invalidateQueries(inboxQuery));
}

/** Says of one, or of all, that they are read. They are at once; the server's answer comes after. */
export function useReadNotices() {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (ids: readonly string[] | null) => request("/api/v1/inbox/read", { method: "POST", body: { ids } }),
    onMutate: (ids) => {
      client.setQueryData(inboxQuery.queryKey, (inbox) => inbox && withRead(inbox, ids));
    },
    onError: (error) => tell({ id: "inbox", tone: "error", title: "It is still unread.", body: error.message }),
    onSettled: () => client.invalidateQueries(inboxQuery),
  });
}

function withRead({ notices, unread }: Inbox, ids: readonly string[] | null): Inbox {
  const isMeant = (id: string) => ids === null || ids.includes(id);
  const turned = notices.filter(({ id, isRead }) => !isRead && isMeant(id)).length;
  return {
    notices: notices.map((one) => (isMeant(one.id) ? { ...one, isRead: true } : one)),
    unread: ids === null ? 0 : unread - turned,
  };
}

import type { CostView, SavedView, SavedViewChange, SavedViewVersion } from "@finops/capabilities/views/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, request } from "../../lib/api.ts";
import { savedViewsQuery } from "../../lib/saved-views.ts";
import { useToasts } from "../../lib/toasts.tsx";

const viewsKey = savedViewsQuery.queryKey;
const path = "/api/v1/views";

export function useSavedViews() {
  return useQuery(savedViewsQuery);
}

export function useViewVersions(id: string, isWanted: boolean) {
  return useQuery({
    queryKey: [...viewsKey, id, "versions"],
    queryFn: async ({ signal }) =>
      (await request<{ versions: SavedViewVersion[] }>(`${path}/${id}/versions`, { signal })).versions,
    enabled: isWanted,
  });
}

/**
 * A change of the list of views: shown at once, taken back when it is refused, and told why. Another person's newer version
 * is loaded, so that the next try is made on it.
 */
function useViewChange<Input, Result>(options: {
  send: (input: Input) => Promise<Result>;
  /** The list as it will be. */
  expect: (views: SavedView[], input: Input) => SavedView[];
  refused: string;
}) {
  const client = useQueryClient();
  const show = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: options.send,
    onMutate: async (input) => {
      await client.cancelQueries({ queryKey: viewsKey, exact: true });
      const before = client.getQueryData<SavedView[]>(viewsKey);
      if (before !== undefined) client.setQueryData(viewsKey, options.expect(before, input));
      return { before };
    },
    onError: (error, _, context) => {
      if (context?.before !== undefined) client.setQueryData(viewsKey, context.before);
      const by = error instanceof ApiProblem ? error.facts["changedBy"] : undefined;
      show({
        id: "views",
        tone: "error",
        title: typeof by === "string" ? `${by} was faster.` : options.refused,
        body: error.message,
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: viewsKey }),
  });
}

export interface NewView {
  name: string;
  description: string;
  visibility: SavedView["visibility"];
  view: CostView;
}

export function useCreateView() {
  return useViewChange<NewView, SavedView>({
    send: (body) => request<SavedView>(path, { method: "POST", body }),
    expect: (views) => views,
    refused: "The view was not saved.",
  });
}

export function useUpdateView() {
  return useViewChange<{ saved: SavedView; change: Omit<SavedViewChange, "version"> }, SavedView>({
    send: ({ saved, change }) =>
      request<SavedView>(`${path}/${saved.id}`, { method: "PATCH", body: { ...change, version: saved.version } }),
    expect: (views, { saved, change }) =>
      views.map((one) => (one.id === saved.id ? { ...one, ...(change as Partial<SavedView>) } : one)),
    refused: "The view was not changed.",
  });
}

export function useDuplicateView() {
  return useViewChange<SavedView, SavedView>({
    send: ({ id }) => request<SavedView>(`${path}/${id}/duplicate`, { method: "POST" }),
    expect: (views) => views,
    refused: "The view was not copied.",
  });
}

export function useDeleteView() {
  return useViewChange<SavedView, void>({
    send: ({ id, version }) => request<void>(`${path}/${id}?version=${version}`, { method: "DELETE" }),
    expect: (views, { id }) => views.filter((one) => one.id !== id),
    refused: "The view was not deleted.",
  });
}

export function useViewPreference() {
  return useViewChange<{ saved: SavedView; isPinned?: boolean; isDefault?: boolean }, SavedView>({
    send: ({ saved, ...body }) => request<SavedView>(`${path}/${saved.id}/preference`, { method: "PUT", body }),
    expect: (views, { saved, ...wanted }) =>
      views.map((one) => {
        if (one.id === saved.id) return { ...one, ...wanted };
        return wanted.isDefault === true ? { ...one, isDefault: false } : one;
      }),
    refused: "That was not kept.",
  });
}

import type { SavedView } from "@finops/capabilities/views/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "./api.ts";

/** The views that the person may see. Whatever changes one makes this old. */
export const savedViewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: async ({ signal }) => (await request<{ views: SavedView[] }>("/api/v1/views", { signal })).views,
});

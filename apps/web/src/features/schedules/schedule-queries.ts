import type { BudgetPage } from "@finops/capabilities/budgets/contract";
import type { Channel } from "@finops/capabilities/alerts/contract";
import type { ReportSummary } from "@finops/capabilities/reports/contract";
import type { Schedule, ScheduleInput, ScheduleRun, ScheduleSubject } from "@finops/capabilities/schedules/contract";
import type { SavedView } from "@finops/capabilities/views/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useToasts } from "../../lib/toasts.tsx";

/** All that is read of schedules stands under this key. */
const schedulesKey = ["schedules"];
const at = (id: string, part = "") => `/api/v1/schedules/${encodeURIComponent(id)}${part}`;
/** What is on its way is there within seconds. */
const waitingMs = 2000;
const isOnItsWay = (run: ScheduleRun | null | undefined) => run?.state === "making" || run?.state === "sending";

export const schedulesQuery = queryOptions({
  queryKey: [...schedulesKey, "list"],
  queryFn: async ({ signal }) => (await request<{ schedules: Schedule[] }>("/api/v1/schedules", { signal })).schedules,
  refetchInterval: ({ state }) => (state.data?.some(({ lastRun }) => isOnItsWay(lastRun)) === true ? waitingMs : false),
});

export const runsQuery = (id: string) =>
  queryOptions({
    queryKey: [...schedulesKey, "runs", id],
    queryFn: async ({ signal }) => (await request<{ runs: ScheduleRun[] }>(at(id, "/runs"), { signal })).runs,
    refetchInterval: ({ state }) => (state.data?.some(isOnItsWay) === true ? waitingMs : false),
  });

interface Named {
  id: string;
  name: string;
}

/** What can be sent of a kind, by name. */
export const subjectsQuery = (kind: ScheduleSubject["kind"]) =>
  queryOptions({
    queryKey: [...schedulesKey, "subjects", kind],
    queryFn: async ({ signal }): Promise<Named[]> => {
      if (kind === "view") return (await request<{ views: SavedView[] }>("/api/v1/views", { signal })).views;
      if (kind === "report")
        return (await request<{ reports: ReportSummary[] }>("/api/v1/reports", { signal })).reports;
      return (await request<BudgetPage>("/api/v1/budgets?limit=1000", { signal })).budgets;
    },
  });

/** Channels that people read; what only calls them takes no reports. */
export const readChannelsQuery = queryOptions({
  queryKey: [...schedulesKey, "channels"],
  queryFn: async ({ signal }) =>
    (await request<{ channels: Channel[] }>("/api/v1/alerts/channels", { signal })).channels.filter(
      ({ kind }) => kind !== "pagerduty",
    ),
});

export type ScheduleVerb =
  | { do: "create"; input: ScheduleInput }
  | { do: "change"; of: Schedule; input: ScheduleInput }
  | { do: "delete"; of: Schedule }
  | { do: "pause"; of: Schedule; isPaused: boolean }
  | { do: "send"; of: Schedule; to: "me" | "all" };

/** A change after which everything of schedules is read anew; what is refused is said with the server's sentence. */
export function useScheduleVerb(onDone?: () => void) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: send,
    onSuccess: async (_, verb) => {
      if (verb.do === "send")
        tell({
          id: "schedules",
          tone: "info",
          title: verb.to === "me" ? "It is on its way to you." : "It is on its way.",
        });
      onDone?.();
      await client.invalidateQueries({ queryKey: schedulesKey });
    },
    onError: (error) => tell({ id: "schedules", tone: "error", title: "Nothing was changed.", body: error.message }),
  });
}

function send(verb: ScheduleVerb): Promise<unknown> {
  if (verb.do === "create") return request("/api/v1/schedules", { method: "POST", body: verb.input });
  const { id, version } = verb.of;
  if (verb.do === "delete") return request(at(id, `?version=${version}`), { method: "DELETE" });
  if (verb.do === "send") return request(at(id, "/runs"), { method: "POST", body: { to: verb.to } });
  if (verb.do === "pause")
    return request(at(id, "/pause"), { method: "POST", body: { isPaused: verb.isPaused, version } });
  return request(at(id), { method: "PUT", body: { ...verb.input, version } });
}

import type { Escalation, EscalationInput } from "@finops/capabilities/alerts/contract";
import type { OnCallInput, OnCallSchedule, Shift } from "@finops/capabilities/on-call/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { alertsKey, useChange } from "./alert-queries.ts";

const chains = "/api/v1/alerts/escalations";
const schedules = "/api/v1/on-call";

export const escalationsQuery = queryOptions({
  queryKey: [...alertsKey, "escalations"],
  queryFn: async ({ signal }) => (await request<{ escalations: Escalation[] }>(chains, { signal })).escalations,
});

export const onCallQuery = queryOptions({
  queryKey: [...alertsKey, "on-call"],
  queryFn: async ({ signal }) => (await request<{ schedules: OnCallSchedule[] }>(schedules, { signal })).schedules,
});

export const shiftsQuery = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, "on-call", id, "shifts"],
    queryFn: async ({ signal }) =>
      (await request<{ shifts: Shift[] }>(`${schedules}/${encodeURIComponent(id)}/shifts`, { signal })).shifts,
  });

type Edited<Input> =
  | { do: "create"; input: Input }
  | { do: "change"; id: string; version: number; input: Input }
  | { do: "delete"; id: string; version: number };

export function useChangeEscalation(onDone: () => void) {
  return useChange(
    "The chain is as it was.",
    (edited: Edited<EscalationInput>) => send<Escalation>(chains, edited),
    onDone,
  );
}

export function useChangeOnCall(onDone: () => void) {
  return useChange(
    "The schedule is as it was.",
    (edited: Edited<OnCallInput>) => send<OnCallSchedule>(schedules, edited),
    onDone,
  );
}

function send<Answer>(path: string, edited: Edited<object>): Promise<Answer> {
  if (edited.do === "create") return request<Answer>(path, { method: "POST", body: edited.input });
  const one = `${path}/${encodeURIComponent(edited.id)}`;
  if (edited.do === "delete") return request<Answer>(`${one}?version=${edited.version}`, { method: "DELETE" });
  return request<Answer>(one, { method: "PUT", body: { ...edited.input, version: edited.version } });
}

import type {
  Alert,
  AlertCauseAnswer,
  AlertDetail,
  AlertPage,
  AlertPreview,
  AlertPreviewInput,
  AlertRule,
  AlertRuleInput,
  Channel,
  ChannelInput,
  ChannelTarget,
  Delivery,
  DeliveryPage,
  NoiseReport,
  SlackInstallInput,
  SlackSetup,
} from "@finops/capabilities/alerts/contract";
import type { BudgetPage } from "@finops/capabilities/budgets/contract";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useLiveEvents } from "../../lib/live.ts";
import { useToasts } from "../../lib/toasts.tsx";

/** All that is read of alerts stands under this key. */
export const alertsKey = ["alerts"];
const at = (path: string) => `/api/v1/alerts${path}`;
const one = (place: string, id: string, part = "") => at(`${place}/${encodeURIComponent(id)}${part}`);
/** So many fit a page that somebody reads; the rest is old. */
const shownMax = 500;

export const alertsQuery = (state: "open" | "resolved") =>
  queryOptions({
    queryKey: [...alertsKey, "list", state],
    queryFn: async ({ signal }): Promise<Alert[]> =>
      (await request<AlertPage>(at(`?state=${state}&limit=${shownMax}`), { signal })).alerts,
  });

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, "one", id],
    queryFn: ({ signal }) => request<AlertDetail>(one("", id), { signal }),
  });

export const causeQuery = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, "cause", id],
    queryFn: ({ signal }) => request<AlertCauseAnswer>(one("", id, "/cause"), { signal }),
  });

export const rulesQuery = queryOptions({
  queryKey: [...alertsKey, "rules"],
  queryFn: async ({ signal }) => (await request<{ rules: AlertRule[] }>(at("/rules"), { signal })).rules,
});

export const channelsQuery = queryOptions({
  queryKey: [...alertsKey, "channels"],
  queryFn: async ({ signal }) => (await request<{ channels: Channel[] }>(at("/channels"), { signal })).channels,
});

export const deliveriesQuery = queryOptions({
  queryKey: [...alertsKey, "deliveries"],
  queryFn: async ({ signal }) => (await request<DeliveryPage>(at("/deliveries"), { signal })).deliveries,
});

export const noiseQuery = (days: 30 | 90) =>
  queryOptions({
    queryKey: [...alertsKey, "noise", days],
    queryFn: ({ signal }) => request<NoiseReport>(at(`/noise?days=${days}`), { signal }),
  });

/** Budgets to choose one from, by name. */
export const budgetNamesQuery = queryOptions({
  queryKey: ["budgets", "names"],
  queryFn: async ({ signal }) =>
    (await request<BudgetPage>("/api/v1/budgets?limit=1000", { signal })).budgets.map(({ id, name }) => ({ id, name })),
});

/** When a rule would have fired, while it is written. */
export const previewQuery = (draft: AlertPreviewInput | null) =>
  queryOptions({
    queryKey: [...alertsKey, "preview", draft],
    queryFn: ({ signal }) => request<AlertPreview>(at("/rules/preview"), { method: "POST", body: draft, signal }),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Keeps what is shown of alerts up to date: rules are looked at by themselves, and others look after alerts too. */
export function useLiveAlerts(): void {
  const client = useQueryClient();
  useLiveEvents("alerts", () => void client.invalidateQueries({ queryKey: alertsKey }));
}

export type AlertVerb =
  | { id: string; do: "acknowledge" }
  | { id: string; do: "snooze"; hours: number }
  | { id: string; do: "resolve" };

export function useAlertVerb() {
  return useChange("The alert is as it was.", (verb: AlertVerb) =>
    request<AlertDetail>(one("", verb.id, `/${verb.do}`), {
      method: "POST",
      ...(verb.do === "snooze" ? { body: { hours: verb.hours } } : {}),
    }),
  );
}

type RuleChange =
  | { do: "create"; input: AlertRuleInput }
  | { do: "change"; id: string; version: number; input: AlertRuleInput }
  | { do: "delete"; id: string; version: number };

export function useChangeRule(onDone: () => void) {
  return useChange(
    "The rule is as it was.",
    (change: RuleChange) => {
      if (change.do === "create") return request<AlertRule>(at("/rules"), { method: "POST", body: change.input });
      if (change.do === "delete")
        return request<AlertRule>(one("/rules", change.id, `?version=${change.version}`), { method: "DELETE" });
      return request<AlertRule>(one("/rules", change.id), {
        method: "PUT",
        body: { ...change.input, version: change.version },
      });
    },
    onDone,
  );
}

type ChannelChange =
  | { do: "create"; input: ChannelInput }
  | {
      do: "change";
      id: string;
      version: number;
      input: Omit<ChannelInput, "target"> & { target: ChannelTarget | null };
    }
  | { do: "delete"; id: string; version: number };

export function useChangeChannel(onDone: () => void) {
  return useChange(
    "The channel is as it was.",
    (change: ChannelChange) => {
      if (change.do === "create") return request<Channel>(at("/channels"), { method: "POST", body: change.input });
      if (change.do === "delete")
        return request<Channel>(one("/channels", change.id, `?version=${change.version}`), { method: "DELETE" });
      return request<Channel>(one("/channels", change.id), {
        method: "PUT",
        body: { ...change.input, version: change.version },
      });
    },
    onDone,
  );
}

export const slackQuery = queryOptions({
  queryKey: [...alertsKey, "slack"],
  queryFn: ({ signal }) => request<SlackSetup>(at("/slack"), { signal }),
});

/** Leaves for Slack, which asks whether the app may come in, and sends the browser back. */
export function useInstallSlack() {
  return useChange("Slack was not asked.", async (input: SlackInstallInput) => {
    const { location } = await request<{ location: string }>("/api/slack/install", { method: "POST", body: input });
    window.location.assign(location);
  });
}

export function useTestChannel() {
  return useChange("The test was not sent.", (id: string) =>
    request<Delivery>(one("/channels", id, "/test"), { method: "POST" }),
  );
}

export function useResend() {
  return useChange("It was not sent again.", (id: string) =>
    request<Delivery>(one("/deliveries", id, "/resend"), { method: "POST" }),
  );
}

/** A change after which everything of alerts is read anew; what is refused is said with the server's sentence. */
export function useChange<Input, Answer>(
  refused: string,
  send: (input: Input) => Promise<Answer>,
  onDone?: () => void,
) {
  const client = useQueryClient();
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      onDone?.();
      await client.invalidateQueries({ queryKey: alertsKey });
    },
    onError: (error) => tell({ id: "alerts", tone: "error", title: refused, body: error.message }),
  });
}

import type { Alert } from "@finops/capabilities/alerts/contract";
import { Button } from "@finops/ui/primitives/button";
import { Menu } from "@finops/ui/primitives/menu";
import { Check, Clock } from "lucide-react";
import { useAlertVerb } from "./alert-queries.ts";

const snoozes = [
  { hours: 4, label: "For 4 hours" },
  { hours: 24, label: "For a day" },
  { hours: 168, label: "For a week" },
];

/** What somebody who may look after an alert can do with it. */
export function AlertActions({ alert, isWhole = false }: { alert: Alert; isWhole?: boolean }) {
  const verb = useAlertVerb();
  const { id, state, mayChange, title } = alert;
  if (!mayChange || state === "resolved") return null;
  return (
    <span className="flex items-center gap-1.5">
      {state !== "acknowledged" && (
        <Button
          // No taller than a line of the list, on a phone neither.
          className={isWhole ? undefined : "!h-6"}
          icon={<Check size={14} aria-hidden />}
          aria-label={`Acknowledge ${title}`}
          disabled={verb.isPending}
          onClick={() => verb.mutate({ id, do: "acknowledge" })}
        >
          Acknowledge
        </Button>
      )}
      <Menu
        trigger={
          <Button
            kind={isWhole ? "plain" : "quiet"}
            icon={<Clock size={14} aria-hidden />}
            aria-label={`Snooze ${title}`}
          />
        }
        groups={[
          {
            label: "Snooze",
            actions: snoozes.map(({ hours, label }) => ({
              id: String(hours),
              label,
              onSelect: () => verb.mutate({ id, do: "snooze", hours }),
            })),
          },
        ]}
      />
      {isWhole && (
        <Button kind="quiet" disabled={verb.isPending} onClick={() => verb.mutate({ id, do: "resolve" })}>
          Resolve
        </Button>
      )}
    </span>
  );
}

import type { Invitation } from "@finops/capabilities/companies/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { formatDay } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import { useMay } from "../../lib/session.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { useResendInvitation, useRevokeInvitation } from "./people-changes.ts";
import { invitationsQuery, unitsQuery } from "../../lib/people-queries.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

/** Who was asked in and has not come yet. */
export function Invitations() {
  const { data } = useQuery({ ...invitationsQuery, enabled: useMay("members:read") });
  const waiting = (data ?? []).filter(({ state }) => state === "open" || state === "expired");
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="invited" className="mt-4 min-w-0 rounded-lg border border-line bg-surface-1">
      <h2 id="invited" className="px-4 pt-3 text-base font-semibold">
        Invited, and not here yet
      </h2>
      <p className="px-4 pb-2 text-xs text-text-2">
        They belong to the company once they use the link in their mail, within 7 days.
      </p>
      <ul className="divide-y divide-line border-t border-line">
        {waiting.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { id, email, role, scope, unitId, state, invitedBy, sentAt, expiresAt } = invitation;
  const mayChange = useMay("members:write");
  const { data: units } = useQuery(unitsQuery);
  const tell = useToasts((toasts) => toasts.show);
  const resend = useResendInvitation();
  const revoke = useRevokeInvitation();
  const unit = unitPath(units ?? [], unitId);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" dir="auto">
            {email}
          </span>
          {state === "expired" && <Badge tone="warning">Expired</Badge>}
        </p>
        <p className="text-xs text-text-2">
          {role.name}
          {unit !== "" && <> · {unit}</>} · sees <ScopeText scope={scope} /> · by {invitedBy} on{" "}
          {formatDay(sentAt.slice(0, 10))}
          {state === "open" && <>, until {formatDay(expiresAt.slice(0, 10))}</>}
        </p>
      </div>
      {mayChange && (
        <span className="flex gap-2">
          <Button
            icon={<Mail size={16} aria-hidden className="text-text-3" />}
            disabled={resend.isPending}
            aria-label={`Send the mail to ${email} again`}
            onClick={() =>
              resend.mutate(id, {
                onSuccess: () =>
                  tell({
                    id: "resent",
                    tone: "info",
                    title: `A new link is on its way to ${email}.`,
                    body: "The link that was sent before works no more.",
                  }),
              })
            }
          >
            Send again
          </Button>
          <Button kind="danger" aria-label={`Take back the invitation of ${email}`} onClick={() => revoke.mutate(id)}>
            Revoke
          </Button>
        </span>
      )}
    </li>
  );
}

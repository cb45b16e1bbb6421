import type { Grant } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { serverClock } from "../../lib/server-clock.ts";
import { grantEnd, grantState } from "./grant-words.ts";
import { useRevokeGrant } from "./people-changes.ts";
import { grantsQuery, rolesQuery } from "../../lib/people-queries.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";

/** What one person or group was given, with its end, and the way to end it now. */
export function PersonGrants({ personId, mayRevoke }: { personId: string; mayRevoke: boolean }) {
  const grants = useQuery(grantsQuery(personId, "open"));
  const revoke = useRevokeGrant(personId, "open");
  return (
    <Async
      of={grants}
      name="What was given"
      skeleton={<Skeleton className="h-16 w-full" />}
      isEmpty={(list) => list.length === 0}
      empty={<p className="text-sm text-text-2">Nothing, for a time or for good.</p>}
    >
      {(list) => (
        <ul className="divide-y divide-line rounded-md border border-line">
          {list.map((grant) => (
            <GrantLine
              key={grant.id}
              grant={grant}
              {...(mayRevoke ? { onRevoke: () => revoke.mutate(grant.id) } : {})}
            />
          ))}
        </ul>
      )}
    </Async>
  );
}

function GrantLine({ grant, onRevoke }: { grant: Grant; onRevoke?: () => void }) {
  const { data: list } = useQuery(rolesQuery);
  const state = grantState(grant, serverClock.now());
  const role = list?.roles.find((one) => one.key === grant.role)?.name ?? grant.role;
  return (
    <li className="flex items-start gap-3 px-2.5 py-2">
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{role}</span>
          <Badge tone={state.tone}>{state.label}</Badge>
        </p>
        <p className="text-xs text-text-2">
          {grant.validUntil === null ? "No end" : `Until ${grantEnd(grant)}`} · <ScopeText scope={grant.scope} />
        </p>
        {grant.reason !== "" && (
          <p className="text-xs text-text-2" dir="auto">
            {grant.reason}
          </p>
        )}
      </div>
      {onRevoke !== undefined && (
        <Button kind="quiet" aria-label={`Revoke ${role}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}

import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { GrantLine } from "../../lib/access/grant-line.tsx";
import { useRevokeGrant } from "./people-changes.ts";
import { grantsQuery } from "../../lib/people-queries.ts";

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
              // What a rule gives ends with the rule.
              end={
                mayRevoke && grant.ruleId === null
                  ? { label: "Revoke", onEnd: () => revoke.mutate(grant.id) }
                  : undefined
              }
            />
          ))}
        </ul>
      )}
    </Async>
  );
}

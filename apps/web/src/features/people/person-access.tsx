import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery, unitsQuery, whatCanQuery } from "../../lib/people-queries.ts";
import { reasonWords } from "./reason-words.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";

/** Everything that a person may do at this moment, for which costs, and through what. */
export function PersonAccess({ personId }: { personId: string }) {
  const can = useQuery(whatCanQuery(personId));
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const names = { roles: list?.roles ?? [], units: units ?? [] };
  return (
    <Async
      of={can}
      name="What they can do"
      skeleton={<Skeleton className="h-48 w-full" />}
      isEmpty={({ permissions }) => permissions.length === 0}
      empty={<p className="text-sm text-text-2">Nothing. They have no role that gives anything at this moment.</p>}
    >
      {({ permissions }) => (
        <ul className="divide-y divide-line rounded-md border border-line">
          {permissions.map(({ permission, about, scope, through }) => (
            <li key={permission} className="px-2.5 py-2">
              <div className="flex items-baseline justify-between gap-3">
                <span className="min-w-0 text-sm" title={permission}>
                  {about}
                </span>
                {scope !== null && (
                  <span className="max-w-40 shrink-0 truncate text-xs">
                    <ScopeText scope={scope} />
                  </span>
                )}
              </div>
              <ul className="mt-0.5 text-xs text-text-2">
                {through.map((reason, index) => (
                  <li key={reason.grantId ?? index} dir="auto">
                    {reasonWords(reason, names)}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Async>
  );
}

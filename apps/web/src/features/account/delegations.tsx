import type { Grant } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { GrantLine } from "../../lib/access/grant-line.tsx";
import { delegationsQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { useEndDelegation } from "./delegation-changes.ts";

/** What one lets colleagues do for a time, and what they let one do. */
export function Delegations({ onDelegate }: { onDelegate: () => void }) {
  const delegations = useQuery(delegationsQuery);
  const seesPeople = useMay("members:read");
  const end = useEndDelegation();
  return (
    <Card
      title="Delegations"
      about="Let a colleague do for a time what you may do yourself, such as while you are away. It ends by itself, when you take it back, or when you lose it."
      actions={seesPeople && <Button onClick={onDelegate}>Delegate</Button>}
    >
      <div className="border-t border-line px-4 py-3">
        {!seesPeople && (
          <p className="mb-3 text-sm text-text-2">
            To delegate you need to see who belongs to the company. Who manages people can give you members:read.
          </p>
        )}
        <Async of={delegations} name="Your delegations" skeleton={<Skeleton className="h-24" />}>
          {({ given, received }) => (
            <div className="grid gap-4 sm:grid-cols-2">
              <Side title="What you gave" none="You delegate nothing at the moment." grants={given}>
                {(grant) => (
                  <GrantLine
                    key={grant.id}
                    grant={grant}
                    who={`to ${grant.subject.name}`}
                    end={{ label: "Take back", onEnd: () => end.mutate(grant.id) }}
                  />
                )}
              </Side>
              <Side title="What you were given" none="Nobody delegates anything to you." grants={received}>
                {(grant) => <GrantLine key={grant.id} grant={grant} who={`from ${grant.grantedBy.name}`} />}
              </Side>
            </div>
          )}
        </Async>
      </div>
    </Card>
  );
}

interface SideProps {
  title: string;
  none: string;
  grants: readonly Grant[];
  children: (grant: Grant) => ReactNode;
}

function Side({ title, none, grants, children }: SideProps) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      {grants.length === 0 ? (
        <p className="text-sm text-text-2">{none}</p>
      ) : (
        <ul aria-label={title} className="divide-y divide-line rounded-md border border-line">
          {grants.map(children)}
        </ul>
      )}
    </section>
  );
}

import type { Grant } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { useQuery } from "@tanstack/react-query";
import { ScopeText } from "../cost-filter/scope-field.tsx";
import { rolesQuery, unitsQuery } from "../people-queries.ts";
import { serverClock } from "../server-clock.ts";
import { useMay } from "../session.ts";
import { unitPath } from "../unit-path.ts";
import { grantEnd, grantState } from "./grant-words.ts";

interface GrantLineProps {
  grant: Grant;
  /** Who stands at the other end, such as "To Vera"; left out where the list is somebody's. */
  who?: string;
  end?: { label: string; onEnd: () => void } | undefined;
}

/** One role that was given: where it stands, until when, for which costs, and the way to end it. */
export function GrantLine({ grant, who, end }: GrantLineProps) {
  // Who may not see the company's people is still told what they have.
  const seesNames = useMay("members:read");
  const { data: list } = useQuery({ ...rolesQuery, enabled: seesNames });
  const { data: units } = useQuery({ ...unitsQuery, enabled: seesNames });
  const state = grantState(grant, serverClock.now());
  const role = list?.roles.find((one) => one.key === grant.role)?.name ?? grant.role;
  return (
    <li className="flex items-start gap-3 px-2.5 py-2">
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{role}</span>
          {who !== undefined && (
            <span className="min-w-0 break-words" dir="auto">
              {who}
            </span>
          )}
          <Badge tone={state.tone}>{state.label}</Badge>
        </p>
        <p className="text-xs text-text-2">
          {grant.validUntil === null ? "No end" : `Until ${grantEnd(grant)}`}
          {grant.unitId !== null && (
            <>
              {" · "}
              <span dir="auto">{unitPath(units ?? [], grant.unitId) || "A unit"}</span>
            </>
          )}
          {(grant.unitId === null || grant.scope !== null) && (
            <>
              {" · "}
              <ScopeText scope={grant.scope} />
            </>
          )}
        </p>
        {grant.reason !== "" && (
          <p className="text-xs text-text-2" dir="auto">
            {grant.reason}
          </p>
        )}
      </div>
      {end !== undefined && (
        <Button
          kind="quiet"
          aria-label={`${end.label} ${role}${who === undefined ? "" : ` ${who}`}`}
          onClick={end.onEnd}
        >
          {end.label}
        </Button>
      )}
    </li>
  );
}

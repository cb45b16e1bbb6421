import type { AccessPreview, Member, RoleList } from "@finops/capabilities/people/contract";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Combobox } from "@finops/ui/primitives/combobox";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import { accessPreviewQuery, membersQuery, personName, whatCanQuery } from "../../lib/people-queries.ts";
import { type PreviewLine, previewRole } from "./preview-role.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";

type Permission = RoleList["permissions"][number]["key"];

interface RolePreviewProps {
  draft: { key: string; permissions: readonly string[]; isBuiltIn: boolean };
  catalog: RoleList["permissions"];
}

/** What a chosen person could do with the role as it is written at this moment; it follows every tick. */
export function RolePreview({ draft, catalog }: RolePreviewProps) {
  const { data: members } = useQuery(membersQuery);
  const [personId, setPersonId] = useState<string | null>(null);
  const person = members?.find((member) => member.id === personId);
  return (
    <>
      <p className="mb-2 text-sm text-text-2">
        Choose a person to see what they could do with this role in place of the one they have in the company.
      </p>
      <Combobox
        label={person === undefined ? "Choose a person" : personName(person)}
        values={[]}
        none=""
        isMulti={false}
        icon={<Eye size={14} aria-hidden />}
        placeholder="Find a person"
        options={(members ?? []).map((member) => ({ value: member.id, label: personName(member) }))}
        onChange={([id]) => setPersonId(id ?? null)}
      />
      {person !== undefined && <Preview draft={draft} catalog={catalog} person={person} />}
    </>
  );
}

function Preview({ draft, catalog, person }: RolePreviewProps & { person: Member }) {
  const can = useQuery(whatCanQuery(person.id));
  return (
    <div className="mt-2 space-y-3" aria-live="polite">
      <SeenCosts draft={draft} personId={person.id} />
      <Async of={can} name="The preview" skeleton={<Skeleton className="h-40 w-full" />}>
        {({ permissions }) => <PreviewLines lines={previewRole(draft, person, permissions, catalog)} />}
      </Async>
    </div>
  );
}

/** The costs of the last complete month that they would see, beside those that they see now. */
function SeenCosts({
  draft: { key, permissions, isBuiltIn },
  personId,
}: {
  draft: RolePreviewProps["draft"];
  personId: string;
}) {
  const preview = useQuery(
    accessPreviewQuery({
      person: personId,
      role: key,
      ...(isBuiltIn ? {} : { permissionsOf: { role: key, permissions: permissions as Permission[] } }),
    }),
  );
  return (
    <Async of={preview} name="The costs that they would see" skeleton={<Skeleton className="h-12 w-full" />}>
      {({ period, before, after }) =>
        before.costs === null || after.costs === null ? null : (
          <section aria-label="Costs that they would see" className="rounded-md border border-line px-2.5 py-2 text-sm">
            <h4 className="text-text-2">Effective cost of {formatPeriod(period)}, of what you see yourself</h4>
            <SeenTotals before={before.costs} after={after.costs} />
          </section>
        )
      }
    </Async>
  );
}

type Costs = NonNullable<AccessPreview["before"]["costs"]>;

function SeenTotals({ before, after }: { before: Costs; after: Costs }) {
  const currencies = [...new Set([...before, ...after].map(({ currency }) => currency))].toSorted();
  if (currencies.length === 0) return <p>None, now as then.</p>;
  const amountIn = (costs: Costs, currency: string) => costs.find((one) => one.currency === currency)?.amount ?? "0";
  return (
    <ul>
      {currencies.map((currency) => (
        <li key={currency} className="tabular-nums">
          <Money amount={amountIn(before, currency)} currency={currency} /> now,{" "}
          <b className="font-medium">
            <Money amount={amountIn(after, currency)} currency={currency} />
          </b>{" "}
          with this role
        </li>
      ))}
    </ul>
  );
}

const changes = {
  stays: null,
  gained: { label: "New", tone: "good" },
  lost: { label: "Lost", tone: "bad" },
  "other-costs": { label: "Other costs", tone: "warning" },
} as const;

function PreviewLines({ lines }: { lines: readonly PreviewLine[] }) {
  if (lines.length === 0) return <p className="text-sm text-text-2">Nothing at all.</p>;
  return (
    <ul aria-label="With this role" className="divide-y divide-line rounded-md border border-line">
      {lines.map(({ permission, about, change, scopes }) => {
        const mark = changes[change];
        return (
          <li key={permission} className="flex items-start justify-between gap-3 px-2.5 py-1.5 text-sm">
            <span className={change === "lost" ? "min-w-0 text-text-3 line-through" : "min-w-0"} title={permission}>
              {about}
              {scopes.some((scope) => scope !== null) && (
                <span className="block text-xs text-text-2">
                  {scopes.map((scope, index) => (
                    <span key={JSON.stringify(scope)}>
                      {index > 0 && " or "}
                      <ScopeText scope={scope} />
                    </span>
                  ))}
                </span>
              )}
            </span>
            {mark !== null && <Badge tone={mark.tone}>{mark.label}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}

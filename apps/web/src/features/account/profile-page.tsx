import { Card } from "@finops/ui/primitives/card";
import { useState } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useSession } from "../../lib/session.ts";
import { DelegatePanel } from "./delegate-panel.tsx";
import { Delegations } from "./delegations.tsx";
import { Identities } from "./identities.tsx";
import { ProveAgain } from "./prove-again.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { OwnName } from "./own-name.tsx";
import { OwnSessions } from "./own-sessions.tsx";

/** Who one is here, what one signs in with, what one lets others do, and where one is signed in. */
export function ProfilePage() {
  const { data } = useSession();
  const [isDelegating, setIsDelegating] = useState(false);
  if (data?.signedIn !== true) return null;
  return (
    <Beside panel={isDelegating && <DelegatePanel onClose={() => setIsDelegating(false)} />}>
      <Page title="Profile and sessions">
        <div className="grid max-w-4xl gap-4">
          <Card title="You">
            <dl className="grid gap-x-6 gap-y-2 px-4 pb-4 text-sm sm:grid-cols-[10rem_1fr]">
              <dt className="pt-2 text-text-2">Name</dt>
              <dd>
                <OwnName name={data.name} />
              </dd>
              <dt className="text-text-2">E-mail address</dt>
              <dd>{data.email}</dd>
              <dt className="text-text-2">Role</dt>
              <dd>
                {data.role} of {data.company}
                {data.isScoped && ", for a part of the company's costs"}
              </dd>
            </dl>
          </Card>
          <ProveAgain />
          <SecondFactor />
          <Identities />
          <Delegations onDelegate={() => setIsDelegating(true)} />
          <OwnSessions />
        </div>
      </Page>
    </Beside>
  );
}

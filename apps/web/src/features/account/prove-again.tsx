import type { SecondFactorState } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { ShowFactor } from "../../lib/second-factor/show-factor.tsx";
import { useSignOut } from "../../lib/use-sign-out.ts";

const key = ["second-factor"];

/** What has to be done before a way to sign in can be changed; nothing where the last proof is fresh. */
export function ProveAgain() {
  const client = useQueryClient();
  const { data: state } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<SecondFactorState>("/api/second-factor", { signal }),
    // A proof gets old while one looks.
    refetchInterval: 60_000,
  });
  const signOut = useSignOut();
  if (state?.mustProve !== true) return null;
  const readAnew = () => {
    void client.invalidateQueries({ queryKey: key });
    void client.invalidateQueries({ queryKey: sessionKey });
  };
  return (
    <Card
      title="To change how you sign in, prove once more that it is you"
      about="Your last proof is older than 10 minutes. Somebody who finds your browser open must not make it theirs."
    >
      <div className="max-w-sm px-4 pb-4">
        {state.hasCodes || state.passkeys.length > 0 ? (
          <ShowFactor onDone={readAnew} />
        ) : (
          <Button onClick={() => signOut.mutate()} disabled={signOut.isPending}>
            Prove it by a new sign-in
          </Button>
        )}
      </div>
    </Card>
  );
}

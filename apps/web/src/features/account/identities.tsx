import { type LinkedIdentities, type SignInOptions } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay } from "@finops/ui/text/format-day";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { request } from "../../lib/api.ts";
import { useSession } from "../../lib/session.ts";
import { useQuickChange } from "../../lib/use-quick-change.ts";
import { useToasts } from "../../lib/toasts.tsx";

type Identity = z.infer<typeof LinkedIdentities>["identities"][number];
const key = ["identities"];

/** Accounts of providers that sign the person in, and those that could be added. */
export function Identities() {
  const session = useSession();
  const company = session.data?.signedIn === true ? session.data.company : "";
  const identities = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      (await request<{ identities: Identity[] }>("/api/sign-in/identities", { signal })).identities,
  });
  const { data: options } = useQuery({
    queryKey: ["sign-in-options", company],
    queryFn: ({ signal }) =>
      request<SignInOptions>(`/api/sign-in/options?${new URLSearchParams({ company })}`, { signal }),
  });
  return (
    <Card title="Ways to sign in" about="Besides the link that is sent to your e-mail address.">
      <div className="space-y-3 px-4 pb-4">
        <Async
          of={identities}
          name="Your ways to sign in"
          skeleton={<Skeleton className="h-10 w-full" />}
          isEmpty={(list) => list.length === 0}
          empty={<p className="text-sm text-text-2">No account of a provider is linked to you.</p>}
        >
          {(list) => (
            <ul className="divide-y divide-line rounded-md border border-line">
              {list.map((identity) => (
                <IdentityRow key={identity.id} identity={identity} />
              ))}
            </ul>
          )}
        </Async>
        <div className="flex flex-wrap gap-2">
          {(options?.providers ?? []).map((provider) => (
            <LinkButton key={provider.key} provider={provider} />
          ))}
        </div>
      </div>
    </Card>
  );
}

function IdentityRow({ identity }: { identity: Identity }) {
  const unlink = useQuickChange<Identity[], string>({
    key,
    stale: [],
    send: (id) => request(`/api/sign-in/identities/${id}`, { method: "DELETE" }),
    show: (list, id) => list.filter((one) => one.id !== id),
    refused: "The account is still linked.",
  });
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{identity.issuer}</span>
        <span className="text-xs text-text-2">since {formatDay(identity.createdAt.slice(0, 10))}</span>
      </span>
      <Button kind="danger" aria-label={`Remove ${identity.issuer}`} onClick={() => unlink.mutate(identity.id)}>
        Remove
      </Button>
    </li>
  );
}

function LinkButton({ provider }: { provider: SignInOptions["providers"][number] }) {
  const tell = useToasts((toasts) => toasts.show);
  const link = useMutation({
    mutationFn: () =>
      request<{ location: string }>("/api/sign-in/identities", {
        method: "POST",
        body: { provider: provider.key, return: "/profile" },
      }),
    onSuccess: ({ location: address }) => location.assign(address),
    onError: (error) => tell({ id: "link", tone: "error", title: "Nothing was linked.", body: error.message }),
  });
  return (
    <Button disabled={link.isPending} onClick={() => link.mutate()}>
      Link {provider.name}
    </Button>
  );
}

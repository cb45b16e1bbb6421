import type { IdentityProvider, IdentityProviders, IssuerFinding } from "@finops/capabilities/sign-in/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Segments } from "@finops/ui/primitives/segments";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { SamlCertificates, SamlForm } from "./saml-form.tsx";
import { useSave } from "./use-save.ts";

const key = ["identity-providers"];
const path = "/api/v1/identity-providers";

const ways = [
  { value: "oidc", label: "OpenID Connect" },
  { value: "saml", label: "SAML" },
] as const;

/** Providers that the company brings itself. */
export function Providers() {
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<IdentityProviders>(path, { signal }),
  });
  const [way, setWay] = useState<"oidc" | "saml">("oidc");
  return (
    <Card
      title="Providers of your own"
      about="Okta, Entra ID, Keycloak and whatever else speaks OpenID Connect or SAML."
    >
      <div className="space-y-4 px-4 pb-4">
        {data !== undefined && data.providers.length > 0 && (
          <ul className="divide-y divide-line rounded-md border border-line">
            {data.providers.map((provider) => (
              <ProviderRow key={provider.id} provider={provider} />
            ))}
          </ul>
        )}
        {data?.saml != null && (
          <Segments label="How the provider speaks" value={way} options={ways} onChoose={setWay} />
        )}
        {way === "saml" && data?.saml != null ? (
          <SamlForm ours={data.saml} stale={key} />
        ) : (
          <>
            {data !== undefined && (
              <p className="text-sm text-text-2">
                Register this address there: <code className="break-all select-all">{data.redirectUri}</code>
              </p>
            )}
            <ProviderForm />
          </>
        )}
      </div>
    </Card>
  );
}

function ProviderRow({ provider }: { provider: IdentityProvider }) {
  const own = () => `${path}/${provider.id}`;
  const change = useSave<{ isOn: boolean }>({
    method: "PATCH",
    path: own,
    body: (body) => body,
    stale: key,
    refused: "The provider was not changed.",
  });
  const remove = useSave<void>({ method: "DELETE", path: own, stale: key, refused: "The provider was not removed." });
  const test = useSave<void, { findings: IssuerFinding[] }>({
    method: "POST",
    path: () => `${own()}/test`,
    stale: key,
    refused: "The provider was not tested.",
  });
  return (
    <li className="space-y-2 px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 basis-40">
          <span className="block truncate font-medium" dir="auto">
            {provider.name}
          </span>
          <span className="block truncate text-xs text-text-2">{provider.issuer}</span>
        </span>
        <Badge tone={provider.isOn ? "good" : "neutral"}>{provider.isOn ? "On" : "Off"}</Badge>
        <Button disabled={test.isPending} aria-label={`Test ${provider.name}`} onClick={() => test.mutate()}>
          Test
        </Button>
        <Button
          aria-label={`Switch ${provider.name} ${provider.isOn ? "off" : "on"}`}
          onClick={() => change.mutate({ isOn: !provider.isOn })}
        >
          {provider.isOn ? "Switch off" : "Switch on"}
        </Button>
        <Button kind="danger" aria-label={`Remove ${provider.name}`} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
      {provider.kind === "saml" && <SamlCertificates provider={provider} stale={key} />}
      {test.data && (
        <ul className="text-sm">
          {test.data.findings.map(({ what, ok, detail }) => (
            <li key={what}>
              <b className={`font-medium ${ok ? "text-positive" : "text-negative"}`}>{ok ? "Good" : "Wrong"}</b> {what}:{" "}
              <span className="text-text-2">{detail}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

const blank = { name: "", issuer: "", clientId: "", clientSecret: "" };

function ProviderForm() {
  const [draft, setDraft] = useState(blank);
  const add = useSave<typeof blank>({
    method: "POST",
    path: () => path,
    body: ({ clientSecret, ...rest }) => ({ ...rest, clientSecret: clientSecret === "" ? null : clientSecret }),
    stale: key,
    done: "The provider is added.",
    refused: "The provider was not added.",
  });
  const field = (name: keyof typeof blank, label: string, more: { placeholder?: string; type?: string } = {}) => (
    <TextField
      label={label}
      value={draft[name]}
      onChange={(text) => setDraft({ ...draft, [name]: text })}
      required={name !== "clientSecret"}
      autoComplete="off"
      {...more}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(draft, { onSuccess: () => setDraft(blank) });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        {field("name", "Name on the button", { placeholder: "Acme" })}
        {field("issuer", "Issuer", { placeholder: "https://login.acme.example" })}
        {field("clientId", "Client id")}
        {field("clientSecret", "Client secret", { type: "password" })}
      </div>
      <Button type="submit" disabled={add.isPending}>
        Add the provider
      </Button>
    </form>
  );
}

import type { IdentityProvider, IdentityProviders } from "@finops/capabilities/sign-in/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { formatDay } from "@finops/ui/text/format-day";
import { type FormEvent, useState } from "react";
import { useSave } from "./use-save.ts";

const path = "/api/v1/identity-providers";

interface SamlFormProps {
  ours: NonNullable<IdentityProviders["saml"]>;
  stale: readonly string[];
}

/** Adds a SAML provider from what it says of itself. */
export function SamlForm({ ours, stale }: SamlFormProps) {
  const [name, setName] = useState("");
  const [metadata, setMetadata] = useState("");
  const add = useSave<{ name: string; metadata: string }>({
    method: "POST",
    path: () => `${path}/saml`,
    body: (body) => body,
    stale,
    done: "The provider is added.",
    refused: "The provider was not added.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name, metadata },
      {
        onSuccess: () => {
          setName("");
          setMetadata("");
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <dl className="grid gap-x-3 gap-y-1 text-sm sm:grid-cols-[9rem_1fr]">
        <OurAddress label="Entity id, audience" address={ours.entityId} />
        <OurAddress label="Reply address (ACS)" address={ours.consumerUrl} />
        <OurAddress label="Our metadata" address={ours.metadataUrl} />
      </dl>
      <p className="text-xs text-text-2">
        At the provider: the name id is persistent, assertions are signed with SHA-256 and not encrypted.
      </p>
      <TextField
        label="Name on the button"
        value={name}
        onChange={setName}
        required
        maxLength={60}
        autoComplete="off"
        placeholder="Acme"
      />
      <MetadataField value={metadata} onChange={setMetadata} />
      <Button type="submit" disabled={add.isPending || metadata.trim() === ""}>
        Add the provider
      </Button>
    </form>
  );
}

function OurAddress({ label, address }: { label: string; address: string }) {
  return (
    <>
      <dt className="text-text-2">{label}</dt>
      <dd>
        <code className="break-all select-all">{address}</code>
      </dd>
    </>
  );
}

interface MetadataFieldProps {
  label?: string;
  value: string;
  onChange: (value: string) => void;
}

function MetadataField({ label = "The provider's metadata", value, onChange }: MetadataFieldProps) {
  return (
    <TextArea
      label={label}
      rows={5}
      value={value}
      onChange={onChange}
      maxLength={500_000}
      placeholder="<EntityDescriptor …"
      about="The whole XML, as the provider shows it or offers it as a file."
    />
  );
}

const words = { good: "Counts until", ending: "Ends soon, on", ended: "Ended on" } as const;
const tones = { good: "neutral", ending: "warning", ended: "bad" } as const;

/** What the provider signs with, until when, and a way to take new metadata. */
export function SamlCertificates({ provider, stale }: { provider: IdentityProvider; stale: readonly string[] }) {
  const [metadata, setMetadata] = useState<string | null>(null);
  const renew = useSave<string>({
    method: "PATCH",
    path: () => `${path}/${provider.id}`,
    body: (text) => ({ metadata: text }),
    stale,
    done: "The new metadata counts.",
    refused: "The metadata was not taken.",
  });
  return (
    <div className="space-y-2">
      <ul className="flex flex-wrap items-center gap-2 text-xs">
        {provider.certificates.map(({ fingerprint, endsAt, state }) => (
          <li key={fingerprint}>
            <Badge tone={tones[state]} title={`SHA-256 ${fingerprint}`}>
              Certificate {fingerprint.slice(0, 8)}: {words[state].toLowerCase()} {formatDay(endsAt.slice(0, 10))}
            </Badge>
          </li>
        ))}
        {metadata === null && (
          <li>
            <Button kind="quiet" aria-label={`New metadata of ${provider.name}`} onClick={() => setMetadata("")}>
              New metadata
            </Button>
          </li>
        )}
      </ul>
      {metadata !== null && (
        <form
          className="space-y-2"
          onSubmit={(event) => {
            event.preventDefault();
            renew.mutate(metadata, { onSuccess: () => setMetadata(null) });
          }}
        >
          <MetadataField label={`New metadata of ${provider.name}`} value={metadata} onChange={setMetadata} />
          <p className="text-xs text-text-2">
            Only an owner may: who signs with these certificates says who anybody is.
          </p>
          <div className="flex gap-2">
            <Button type="submit" disabled={renew.isPending || metadata.trim() === ""}>
              Take it
            </Button>
            <Button kind="quiet" onClick={() => setMetadata(null)}>
              Leave it
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

import type { SignInSettings } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { request } from "../../lib/api.ts";
import { readLines } from "./lines.ts";
import { useSave } from "./use-save.ts";

const key = ["sign-in-settings"];

/** Who may sign in, and with what. */
export function SignInRules() {
  const settings = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<SignInSettings>("/api/v1/sign-in-settings", { signal }),
  });
  return (
    <Card title="Rules" about="They hold from the next sign-in on.">
      <Async of={settings} name="The rules" skeleton={<Skeleton className="m-4 h-48" />}>
        {(now) => <RulesForm key={JSON.stringify(now)} settings={now} />}
      </Async>
    </Card>
  );
}

function RulesForm({ settings }: { settings: SignInSettings }) {
  const [domains, setDomains] = useState(settings.allowedDomains.join("\n"));
  const [issuers, setIssuers] = useState(settings.allowedIssuers.join("\n"));
  const [required, setRequired] = useState(settings.requiredIssuer ?? "");
  const [isFactorWanted, setIsFactorWanted] = useState(settings.secondFactor === "required");
  const [isJoining, setIsJoining] = useState(settings.provisioning.isOn);
  const save = useSave<SignInSettings>({
    method: "PUT",
    path: () => "/api/v1/sign-in-settings",
    body: (body) => body,
    stale: key,
    done: "The rules are saved.",
    refused: "The rules were not saved.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      ...settings,
      allowedDomains: readLines(domains),
      allowedIssuers: readLines(issuers),
      requiredIssuer: required.trim() === "" ? null : required.trim(),
      secondFactor: isFactorWanted ? "required" : "optional",
      provisioning: { ...settings.provisioning, isOn: isJoining },
    });
  };
  return (
    <form onSubmit={submit} className="space-y-4 px-4 pb-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextArea
          label="Domains of e-mail addresses"
          rows={3}
          value={domains}
          onChange={setDomains}
          placeholder="acme.com"
          about="One on each line. None: any address."
        />
        <TextArea
          label="Providers that may sign people in"
          rows={3}
          value={issuers}
          onChange={setIssuers}
          placeholder="https://login.acme.example"
          about="Their issuer addresses, one on each line. None: all that are offered."
        />
      </div>
      <TextField
        label="The only way in"
        value={required}
        onChange={setRequired}
        maxLength={500}
        placeholder="https://login.acme.example"
        about="An issuer address. Mail links and passkeys then sign nobody in. Empty: every way that is offered."
      />
      <Checkbox label="Everybody needs a second factor" checked={isFactorWanted} onChange={setIsFactorWanted} />
      <Checkbox
        label="Who has an allowed address at an allowed provider joins by signing in"
        checked={isJoining}
        onChange={setIsJoining}
      />
      <Button kind="primary" type="submit" disabled={save.isPending}>
        Save the rules
      </Button>
    </form>
  );
}

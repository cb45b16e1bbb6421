import { type SignInErrorCode, signInErrors, type SignInOptions } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, LogIn, Mail } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { request } from "../../lib/api.ts";
import { keepAddress, keptAddress } from "../../lib/return-address.ts";
import { CalmPage } from "./calm-page.tsx";
import { hasPasskeys, signInWithPasskey } from "../../lib/second-factor/passkeys.ts";

const askEveryMs = 3000;

/** The ways in that this host's company offers. It stands on every address, so that one comes back to it. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  useEffect(keepAddress, []);
  const search = new URLSearchParams(location.search);
  const [typed, setTyped] = useState(search.get("company") ?? "");
  const [isRemembered, setIsRemembered] = useState(false);
  const company = typed.trim() === "" ? undefined : typed.trim();
  const [asked, setAsked] = useState(company);
  const options = useQuery({
    queryKey: ["sign-in-options", asked],
    queryFn: ({ signal }) =>
      request<SignInOptions>(
        `/api/sign-in/options${asked === undefined ? "" : `?${new URLSearchParams({ company: asked })}`}`,
        {
          signal,
        },
      ),
    placeholderData: (before) => before,
  });
  const offer = options.data;
  return (
    <CalmPage title="Sign in to see your costs">
      <div className="space-y-5">
        <Refusal code={search.get("error")} />
        {options.error !== null && (
          <Notice tone="error" title="The ways to sign in could not be loaded.">
            {options.error.message}
          </Notice>
        )}
        {offer?.asksCompany === true && (
          <TextField
            label="Company"
            value={typed}
            onChange={setTyped}
            onBlur={() => setAsked(company)}
            autoComplete="organization"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={63}
            about="Its short name, as it stands in its address: acme of acme.example.com."
          />
        )}
        {offer !== undefined && (
          <>
            <Providers offer={offer} company={company} isRemembered={isRemembered} />
            {offer.emailLink && <MailForm company={company} isRemembered={isRemembered} onSignedIn={onSignedIn} />}
            {offer.passkey && hasPasskeys() && (
              <PasskeyButton company={company} isRemembered={isRemembered} onSignedIn={onSignedIn} />
            )}
            <Checkbox label="Remember me on this device" checked={isRemembered} onChange={setIsRemembered} />
          </>
        )}
        <Terminal />
      </div>
    </CalmPage>
  );
}

function Refusal({ code }: { code: string | null }) {
  if (code === null || !Object.hasOwn(signInErrors, code)) return null;
  const isNews = code === "email-sent";
  return (
    <Notice tone={isNews ? "info" : "error"} title={isNews ? "One step is left." : "You are not signed in."}>
      {signInErrors[code as SignInErrorCode]}
    </Notice>
  );
}

interface WayProps {
  company: string | undefined;
  isRemembered: boolean;
}

function Providers({ offer, company, isRemembered }: WayProps & { offer: SignInOptions }) {
  if (offer.providers.length === 0) return null;
  const search = new URLSearchParams({
    return: keptAddress(),
    ...(isRemembered ? { remember: "1" } : {}),
    ...(company === undefined ? {} : { company }),
  });
  return (
    <ul className="space-y-2">
      {offer.providers.map(({ key, name }) => (
        <li key={key}>
          <a
            href={`/sign-in/with/${encodeURIComponent(key)}?${search}`}
            className="flex h-10 items-center justify-center gap-2 rounded-md border border-line-strong bg-surface-1 font-medium hover:bg-surface-2"
          >
            <LogIn size={16} aria-hidden className="text-text-3" />
            Continue with {name}
          </a>
        </li>
      ))}
    </ul>
  );
}

function MailForm({ company, isRemembered, onSignedIn }: WayProps & { onSignedIn: () => void }) {
  const [email, setEmail] = useState("");
  const send = useMutation({
    mutationFn: () =>
      request<{ sent: string }>("/api/sign-in/link", {
        method: "POST",
        body: { email, remember: isRemembered, ...(company === undefined ? {} : { company }) },
      }),
  });
  // The link is opened in another tab: this one goes on by itself.
  useEffect(() => {
    if (!send.isSuccess) return;
    const timer = setInterval(onSignedIn, askEveryMs);
    return () => clearInterval(timer);
  }, [send.isSuccess, onSignedIn]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-2">
      <TextField
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        value={email}
        onChange={setEmail}
      />
      <Button
        kind="primary"
        type="submit"
        className="!h-10 w-full"
        icon={<Mail size={16} aria-hidden />}
        disabled={send.isPending}
      >
        Send me a link
      </Button>
      {send.isSuccess && (
        <Notice tone="info" title="Look into your mail.">
          {send.data.sent} Open the link in this browser.
        </Notice>
      )}
      {send.isError && (
        <Notice tone="error" title="No mail was sent.">
          {send.error.message}
        </Notice>
      )}
    </form>
  );
}

function PasskeyButton({ company, isRemembered, onSignedIn }: WayProps & { onSignedIn: () => void }) {
  const show = useMutation({
    mutationFn: () => signInWithPasskey({ company, remember: isRemembered }),
    onSuccess: onSignedIn,
  });
  return (
    <div className="space-y-2">
      <Button
        className="!h-10 w-full"
        icon={<KeyRound size={16} aria-hidden className="text-text-3" />}
        disabled={show.isPending}
        onClick={() => show.mutate()}
      >
        Use a passkey
      </Button>
      {show.isError && (
        <Notice tone="error" title="You are not signed in.">
          {show.error.message}
        </Notice>
      )}
    </div>
  );
}

/** For who runs the server, and has no mail or provider yet. */
function Terminal() {
  return (
    <details className="border-t border-line pt-4 text-sm text-text-2" open>
      <summary className="cursor-pointer font-medium">You run the server</summary>
      <p className="mt-2">
        It prints a sign-in link when it starts, which works once, for 15 minutes. For another one, in its folder:
      </p>
      <pre className="mt-2 overflow-x-auto rounded-md border border-line bg-surface-1 px-3 py-2 select-all">
        <code>pnpm -s finops link</code>
      </pre>
    </details>
  );
}

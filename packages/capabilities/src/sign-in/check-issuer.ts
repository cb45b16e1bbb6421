import { AppError } from "@finops/kernel/app-error";
import type { Host } from "@finops/platform/host";
import { fetchMetadata } from "@finops/platform/identity/oidc/issuer-metadata";
import { callbackUrl, type OpenIdProvider } from "@finops/platform/identity/oidc/providers";
import type { IssuerFinding } from "./contract.ts";

const skewMsMax = 60_000;

/** What would keep people from signing in with a provider, as far as it can be told without one of its accounts. */
export async function checkIssuer(
  { signIn, baseUrl, clock }: Pick<Host, "signIn" | "baseUrl" | "clock">,
  provider: OpenIdProvider,
): Promise<IssuerFinding[]> {
  const redirect = {
    what: "Redirect URI",
    ok: true,
    detail: `register exactly ${callbackUrl(baseUrl)} at ${provider.name}, as an address of a web application`,
  };
  const metadata = await fetchMetadata(provider, signIn).catch((error: unknown) => {
    if (error instanceof AppError) return error.message;
    throw error;
  });
  if (typeof metadata === "string") return [{ what: "Discovery", ok: false, detail: metadata }, redirect];
  const { server, date } = metadata;
  const unknown = provider.scopes.filter((scope) => server.scopes_supported?.includes(scope) === false);
  const methods = server.code_challenge_methods_supported;
  const skewMs = date === null ? 0 : date.getTime() - clock.now().getTime();
  return [
    { what: "Discovery", ok: true, detail: `issuer ${server.issuer}` },
    {
      what: "Scopes",
      ok: unknown.length === 0,
      detail:
        unknown.length === 0
          ? provider.scopes.join(" ")
          : `${unknown.join(", ")} is not among those that it knows: ${server.scopes_supported!.join(", ")}`,
    },
    {
      what: "PKCE",
      // Microsoft and Google support it, and some others do without saying so.
      ok: methods === undefined || methods.includes("S256"),
      detail: methods === undefined ? "not said; it is used all the same" : methods.join(", "),
    },
    {
      what: "Clock",
      ok: Math.abs(skewMs) <= skewMsMax,
      detail:
        Math.abs(skewMs) <= skewMsMax
          ? "this machine and the provider tell the same time"
          : `this machine is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? "behind" : "ahead of"} the provider. Set its clock (NTP): tokens are refused by more than a minute.`,
    },
    redirect,
  ];
}

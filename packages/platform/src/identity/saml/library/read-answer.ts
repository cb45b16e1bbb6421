import { AppError } from "@finops/kernel/app-error";
import { SAML, ValidateInResponseTo } from "@node-saml/node-saml";
import { FlowRefused, usualGroupClaim } from "../../found-identity.ts";
import type { SamlProvider } from "../../oidc/providers.ts";
import { persistentName, type SamlAddresses, type SamlAnswer, type SamlArrival, type SamlWay } from "../saml.ts";
import { checkShape } from "./check-shape.ts";
import { readAssertion } from "./read-assertion.ts";
import { parseXml } from "./xml-tree.ts";

/** An answer with a thousand groups has some 100 kB. */
const answerBytesMax = 512 * 1024;

export async function startSaml(
  provider: SamlProvider,
  ours: SamlAddresses,
  { state, requestId }: SamlWay,
): Promise<string> {
  return createClient(provider, ours, requestId).getAuthorizeUrlAsync(state, undefined, {});
}

/**
 * Who comes back by an answer (SAML 2.0 Profiles, 4.1.4). It is looked at three times: as strict XML of one shape, then by the
 * library, which checks signatures against the provider's certificates, and last what was signed, which alone is believed.
 * @throws FlowRefused
 */
export async function finishSaml(
  provider: SamlProvider,
  ours: SamlAddresses,
  { response, requestId, now, groupClaim = usualGroupClaim }: SamlAnswer,
): Promise<SamlArrival> {
  try {
    const xml = decode(response);
    checkShape(parseXml(xml, { allowsComments: false }), provider, ours, requestId);
    const { profile } = await createClient(provider, ours, requestId).validatePostResponseAsync({
      SAMLResponse: Buffer.from(xml).toString("base64"),
    });
    const signed = profile?.getAssertionXml?.();
    if (signed === undefined) throw new FlowRefused("failed", "nothing in the answer is signed");
    return readAssertion(parseXml(signed, { allowsComments: false }), provider, ours, { requestId, now, groupClaim });
  } catch (error) {
    if (error instanceof FlowRefused) throw error;
    const why = error instanceof Error ? error.message : "unknown";
    throw new FlowRefused("failed", why.slice(0, 300));
  }
}

function createClient(provider: SamlProvider, { entityId, consumerUrl }: SamlAddresses, requestId: string): SAML {
  if (provider.certificates.length === 0)
    throw new AppError("precondition", `${provider.name} has no certificate, so nobody can sign in with it.`);
  return new SAML({
    issuer: entityId,
    audience: entityId,
    callbackUrl: consumerUrl,
    entryPoint: provider.signInUrl,
    idpCert: [...provider.certificates],
    generateUniqueId: () => requestId,
    identifierFormat: persistentName,
    disableRequestedAuthnContext: true,
    signatureAlgorithm: "sha256",
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    // The library would keep requests in the memory of one process and ask the machine's clock: readAssertion does both.
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: -1,
  });
}

function decode(response: string): string {
  const text = response.replace(/[\r\n\t ]+/g, "");
  if (text.length > (answerBytesMax * 4) / 3) throw new FlowRefused("failed", "the answer is too large");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new FlowRefused("failed", "the answer is not base64");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, "base64"));
}

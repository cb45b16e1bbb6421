import type { FoundIdentity } from "../found-identity.ts";
import type { SamlProvider } from "../oidc/providers.ts";

/** What a host offers where it can check signatures of XML: one that runs on Node. */
export interface Saml {
  /** The address of the provider, with a request in it, to which the browser goes. */
  start(provider: SamlProvider, ours: SamlAddresses, way: SamlWay): Promise<string>;
  /** Turns what came back into who came back. @throws FlowRefused */
  finish(provider: SamlProvider, ours: SamlAddresses, answer: SamlAnswer): Promise<SamlArrival>;
  /** @throws precondition with what is missing in the metadata of a provider */
  readMetadata(xml: string): Promise<ProviderMetadata>;
  /** @throws precondition for what is no certificate that a signature can be checked with */
  readCertificate(text: string): Promise<SamlCertificate>;
}

/** What has to be registered at every provider; the same for all companies. */
export interface SamlAddresses {
  entityId: string;
  /** Where browsers bring answers (the assertion consumer service). */
  consumerUrl: string;
}

export interface SamlWay {
  /** Comes back beside the answer, as RelayState. */
  state: string;
  /** Comes back in the answer, as InResponseTo. */
  requestId: string;
}

export interface SamlAnswer {
  /** As the browser brought it: base64 of XML. */
  response: string;
  requestId: string;
  now: Date;
  /** The attribute that lists a person's groups. */
  groupClaim?: string;
}

export interface SamlArrival {
  found: FoundIdentity;
  /** Unique at its provider, and taken once. */
  assertionId: string;
  /** From when on the assertion would be refused as too old. */
  endsAt: Date;
}

/** What a provider says of itself. */
export interface ProviderMetadata {
  entityId: string;
  signInUrl: string;
  certificates: SamlCertificate[];
}

export interface SamlCertificate {
  pem: string;
  /** SHA-256, as providers show it. */
  fingerprint: string;
  endsAt: Date;
}

export function samlAddresses(baseUrl: string): SamlAddresses & { metadataUrl: string } {
  const consumerUrl = `${baseUrl}/sign-in/saml`;
  const metadataUrl = `${consumerUrl}/metadata`;
  return { entityId: metadataUrl, consumerUrl, metadataUrl };
}

/** The request's id for an attempt. An id in XML begins with a letter or an underscore. */
export function requestIdOf({ nonce }: { nonce: string }): string {
  return `_${nonce}`;
}

export const persistentName = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
export const postBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/** What providers read to know this installation (SAML 2.0 Metadata, 2.4.4). */
export function describeService({ entityId, consumerUrl }: SamlAddresses): string {
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(entityId)}">`,
    `  <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    `    <md:NameIDFormat>${persistentName}</md:NameIDFormat>`,
    `    <md:AssertionConsumerService index="0" isDefault="true" Binding="${postBinding}" Location="${escapeXml(consumerUrl)}"/>`,
    `  </md:SPSSODescriptor>`,
    `</md:EntityDescriptor>`,
    "",
  ].join("\n");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

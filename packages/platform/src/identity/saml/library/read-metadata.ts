import { X509Certificate } from "node:crypto";
import { AppError } from "@finops/kernel/app-error";
import type { ProviderMetadata, SamlCertificate } from "../saml.ts";
import { metadataSpace, signatureSpace } from "./names.ts";
import { attributeOf, childrenOf, parseXml, walkXml, type XmlElement } from "./xml-tree.ts";

const redirectBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const keyBitsMin = 2048;

/** Reads what an administrator pasted: who pastes it says that it is the provider's, so its own signature is not looked at. */
export function readMetadata(xml: string): ProviderMetadata {
  const [role, ...more] = findRoles(xml);
  if (role === undefined || more.length > 0)
    throw bad(
      `The metadata describes ${role === undefined ? "no" : "more than one"} identity provider. Paste that of one.`,
    );
  const entityId = (role.parent && attributeOf(role.parent, "entityID")) ?? "";
  if (!/^[\x21-\x7e]{1,500}$/.test(entityId))
    throw bad("The metadata has no entityID. Take it from the provider once more.");
  if (attributeOf(role, "WantAuthnRequestsSigned") === "true")
    throw bad("The provider wants signed requests, which are not made here. Switch that off there and take it anew.");
  const service = childrenOf(role, metadataSpace, "SingleSignOnService").find(
    (one) => attributeOf(one, "Binding") === redirectBinding,
  );
  const signInUrl = service && attributeOf(service, "Location");
  if (signInUrl === undefined)
    throw bad("The metadata has no sign-in address for redirects (HTTP-Redirect). Switch that way on at the provider.");
  const certificates = childrenOf(role, metadataSpace, "KeyDescriptor")
    .filter((key) => (attributeOf(key, "use") ?? "signing") === "signing")
    .flatMap((key) => [...walkXml(key)])
    .filter(({ space, name }) => space === signatureSpace && name === "X509Certificate")
    .map(({ text }) => readCertificate(text));
  if (certificates.length === 0)
    throw bad("The metadata has no certificate to sign with. Take it from the provider anew.");
  return { entityId, signInUrl, certificates };
}

function findRoles(xml: string): XmlElement[] {
  try {
    const root = parseXml(xml.trim(), { allowsComments: true });
    return [...walkXml(root)].filter(({ space, name }) => space === metadataSpace && name === "IDPSSODescriptor");
  } catch (cause) {
    throw new AppError("precondition", "This is no metadata of a provider. Paste the whole XML, as it is there.", {
      cause,
      internal: String(cause),
    });
  }
}

/** PEM, or the base64 in it. */
export function readCertificate(text: string): SamlCertificate {
  const base64 = text.replace(/-----(BEGIN|END) CERTIFICATE-----|\s/g, "");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(Buffer.from(base64, "base64"));
  } catch (cause) {
    throw new AppError("precondition", "This is no certificate. Paste it from -----BEGIN CERTIFICATE----- on.", {
      cause,
    });
  }
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = certificate.publicKey;
  if (kind !== "rsa" || (details?.modulusLength ?? 0) < keyBitsMin)
    throw bad(
      `The certificate's key is not RSA of at least ${keyBitsMin} bits. Let the provider sign with one that is.`,
    );
  return {
    pem: certificate.toString().trim(),
    fingerprint: certificate.fingerprint256,
    endsAt: new Date(certificate.validTo),
  };
}

function bad(sentence: string): AppError {
  return new AppError("precondition", sentence);
}

import { FlowRefused } from "../../found-identity.ts";
import type { SamlProvider } from "../../oidc/providers.ts";
import type { SamlAddresses } from "../saml.ts";
import { assertionSpace, protocolSpace, signatureSpace } from "./names.ts";
import { attributeOf, childrenOf, walkXml, type XmlElement } from "./xml-tree.ts";

const statusPrefix = "urn:oasis:names:tc:SAML:2.0:status:";

/** Whatever else may stand there is weak (SHA-1), no signature (HMAC), or a program (XPath, XSLT). */
const algorithms: ReadonlySet<string> = new Set([
  "http://www.w3.org/2001/10/xml-exc-c14n#",
  `${signatureSpace}enveloped-signature`,
  "http://www.w3.org/2001/04/xmlenc#sha256",
  "http://www.w3.org/2001/04/xmlenc#sha512",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
  "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
]);

/**
 * Refuses an answer that is not one response with one signed assertion in it, before its signatures are looked at. A signature
 * that holds says nothing of what stands around it: who wraps a signed assertion into another answer has to put a second one, or
 * a second response, somewhere. Nothing is believed here. @throws FlowRefused
 */
export function checkShape(
  root: XmlElement,
  provider: SamlProvider,
  { consumerUrl }: SamlAddresses,
  requestId: string,
): void {
  if (root.space !== protocolSpace || root.name !== "Response") throw failed("the answer is no response");
  if (attributeOf(root, "Version") !== "2.0") throw failed("the answer is not SAML 2.0");
  checkElements(root);
  if (attributeOf(root, "InResponseTo") !== requestId) throw failed("the answer is to another request (InResponseTo)");
  const destination = attributeOf(root, "Destination");
  if (destination !== undefined && destination !== consumerUrl)
    throw failed("the answer is for another address (Destination)");
  const issuers = childrenOf(root, assertionSpace, "Issuer");
  if (issuers.some((issuer) => issuer.text.trim() !== provider.issuer))
    throw failed("the answer is of another provider (Issuer)");
  checkStatus(root);
  const [assertion] = childrenOf(root, assertionSpace, "Assertion");
  if (assertion === undefined) throw failed("the answer has no assertion");
  if (childrenOf(assertion, signatureSpace, "Signature").length !== 1)
    throw failed("the assertion itself is not signed. Let the provider sign assertions, not only responses");
}

function checkElements(root: XmlElement): void {
  const ids = new Set<string>();
  let assertions = 0;
  for (const element of walkXml(root)) {
    // By name alone: another namespace does not make a second one harmless.
    if (element.name === "Response" && element !== root) throw failed("there is a response inside the response");
    if (element.name.startsWith("Encrypted"))
      throw failed("the answer is encrypted. Switch encryption off at the provider; the way here is encrypted");
    if (element.name === "Assertion" && (assertions += 1) > 1) throw failed("there is more than one assertion");
    if (element.name === "Assertion" && (element.parent !== root || element.space !== assertionSpace))
      throw failed("the assertion stands in a wrong place");
    if (element.name === "Signature") checkSignature(element, root);
    for (const { name, value } of element.attributes) {
      if (!/^id$/i.test(name)) continue;
      if (ids.has(value)) throw failed("two elements have the same id");
      ids.add(value);
    }
  }
}

function checkSignature(signature: XmlElement, root: XmlElement): void {
  const { parent } = signature;
  if (signature.space !== signatureSpace || parent === null || (parent !== root && parent.name !== "Assertion"))
    throw failed("a signature stands in a wrong place");
  if (childrenOf(parent, signatureSpace, "Signature").length > 1) throw failed("one element has two signatures");
  for (const element of walkXml(signature)) {
    if (element.name === "Object") throw failed("a signature has an object in it");
    const algorithm = attributeOf(element, "Algorithm");
    if (algorithm !== undefined && !algorithms.has(algorithm))
      throw failed(`the signature uses ${algorithm}, which is not taken. Let the provider sign with RSA and SHA-256`);
  }
}

function checkStatus(root: XmlElement): void {
  const status = childrenOf(root, protocolSpace, "Status")[0];
  const code = status && childrenOf(status, protocolSpace, "StatusCode")[0];
  if (code === undefined) throw failed("the answer has no status");
  const told = [...walkXml(code)].map((one) => (attributeOf(one, "Value") ?? "").replace(statusPrefix, ""));
  if (told[0] === "Success") return;
  const isRefusal = told.some((one) => one === "AuthnFailed" || one === "RequestDenied");
  throw new FlowRefused(isRefusal ? "refused" : "failed", `the provider answers ${told.join(", ").slice(0, 200)}`);
}

function failed(why: string): FlowRefused {
  return new FlowRefused("failed", why);
}

import * as z from "zod";
import { ClaimText, clockLeewaySeconds, FlowRefused, usualGroupClaim } from "../../found-identity.ts";
import type { SamlProvider } from "../../oidc/providers.ts";
import { persistentName, type SamlAddresses, type SamlAnswer, type SamlArrival } from "../saml.ts";
import { assertionSpace } from "./names.ts";
import { attributeOf, childrenOf, type XmlElement } from "./xml-tree.ts";

const soapClaims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const microsoftClaims = "http://schemas.microsoft.com";

/** Providers name the same attribute differently; the first that is there counts. */
const emailNames = ["email", "mail", "emailAddress", "urn:oid:0.9.2342.19200300.100.1.3", `${soapClaims}/emailaddress`];
const displayNames = [
  "name",
  "displayName",
  "urn:oid:2.16.840.1.113730.3.1.241",
  `${microsoftClaims}/identity/claims/displayname`,
  `${soapClaims}/name`,
];
const groupNames = [usualGroupClaim, `${microsoftClaims}/ws/2008/06/identity/claims/groups`];

/**
 * Reads an assertion whose signature holds: for whom, from whom, to which request and when it counts, and about whom it is
 * (SAML 2.0 Profiles, 4.1.4.3). @throws FlowRefused
 */
export function readAssertion(
  assertion: XmlElement,
  provider: SamlProvider,
  ours: SamlAddresses,
  { requestId, now, groupClaim }: Omit<Required<SamlAnswer>, "response">,
): SamlArrival {
  if (assertion.space !== assertionSpace || assertion.name !== "Assertion") throw failed("no assertion is signed");
  const assertionId = attributeOf(assertion, "ID") ?? "";
  if (assertionId === "") throw failed("the assertion has no id");
  if (only(assertion, "Issuer").text.trim() !== provider.issuer)
    throw failed("the assertion is of another provider (Issuer)");
  const subject = only(assertion, "Subject");
  const conditions = only(assertion, "Conditions");
  checkTimes(conditions, now, "the assertion");
  checkAudience(conditions, ours);
  const endsAt = checkConfirmation(subject, ours, requestId, now);
  checkStatements(childrenOf(assertion, assertionSpace, "AuthnStatement"), now);
  const attributes = readAttributes(assertion);
  const email = ClaimText.safeParse(firstOf(attributes, emailNames));
  const groups = attributes.get(groupClaim) ?? (groupClaim === usualGroupClaim ? allOf(attributes, groupNames) : []);
  return {
    assertionId,
    endsAt,
    found: {
      issuer: provider.issuer,
      subject: readSubject(subject, provider, ours),
      email: email.success ? email.data.trim().toLowerCase() : null,
      // SAML has no word for it. The company that added the provider answers for its addresses, and what it says counts in that
      // company alone; an address that is somebody's here is proven by mail in any case.
      isEmailVerified: email.success,
      name: ClaimText.catch("")
        .parse(firstOf(attributes, displayNames) ?? "")
        .slice(0, 120),
      groups: z.array(ClaimText).max(1000).catch([]).parse(groups),
    },
  };
}

/** By the persistent name alone: an address may be given to somebody else, and a transient name is new each time. */
function readSubject(subject: XmlElement, { issuer }: SamlProvider, { entityId }: SamlAddresses): string {
  const name = only(subject, "NameID");
  const format = attributeOf(name, "Format") ?? "unspecified";
  if (format !== persistentName)
    throw failed(`the name id is ${format.replace(/^.*:/, "")}. Set its format to persistent at the provider`);
  const qualifier = attributeOf(name, "NameQualifier") ?? issuer;
  const serviceQualifier = attributeOf(name, "SPNameQualifier") ?? entityId;
  if (qualifier !== issuer || serviceQualifier !== entityId)
    throw failed("the name id is one that another provider gave, or gave for another service");
  const text = ClaimText.safeParse(name.text.trim());
  if (!text.success || name.children.length > 0) throw failed("the assertion names no subject");
  return text.data;
}

/** @returns from when on it would be refused */
function checkConfirmation(subject: XmlElement, { consumerUrl }: SamlAddresses, requestId: string, now: Date): Date {
  const reasons: string[] = [];
  for (const confirmation of childrenOf(subject, assertionSpace, "SubjectConfirmation")) {
    if (attributeOf(confirmation, "Method") !== "urn:oasis:names:tc:SAML:2.0:cm:bearer") continue;
    try {
      const data = only(confirmation, "SubjectConfirmationData");
      if (attributeOf(data, "Recipient") !== consumerUrl)
        throw failed("the assertion is for another address (Recipient)");
      if (attributeOf(data, "InResponseTo") !== requestId)
        throw failed("the assertion is to another request (InResponseTo)");
      const end = checkTimes(data, now, "the subject's confirmation");
      if (end === null) throw failed("the subject's confirmation has no end");
      return end;
    } catch (error) {
      if (!(error instanceof FlowRefused)) throw error;
      reasons.push(error.message);
    }
  }
  throw failed(reasons[0] ?? "the subject is not confirmed for who brings it (bearer)");
}

function checkAudience(conditions: XmlElement, { entityId }: SamlAddresses): void {
  const restrictions = childrenOf(conditions, assertionSpace, "AudienceRestriction");
  // Several restrictions hold all at once, and of the audiences in one any is enough (SAML 2.0 Core, 2.5.1.4).
  const isForUs = restrictions.every((one) =>
    childrenOf(one, assertionSpace, "Audience").some((audience) => audience.text.trim() === entityId),
  );
  if (restrictions.length === 0 || !isForUs) throw failed("the assertion is for another service (Audience)");
}

function checkStatements(statements: readonly XmlElement[], now: Date): void {
  if (statements.length === 0) throw failed("the assertion does not say that anybody signed in");
  for (const statement of statements) {
    const end = readTime(statement, "SessionNotOnOrAfter");
    if (end !== null && end.getTime() <= now.getTime() - leewayMs)
      throw failed("the session at the provider has ended");
  }
}

const leewayMs = clockLeewaySeconds * 1000;

/** @returns from when on it would be refused; null where it has no end */
function checkTimes(element: XmlElement, now: Date, what: string): Date | null {
  const start = readTime(element, "NotBefore");
  const end = readTime(element, "NotOnOrAfter");
  if (start !== null && start.getTime() > now.getTime() + leewayMs) throw failed(`${what} does not count yet`);
  if (end !== null && end.getTime() <= now.getTime() - leewayMs) throw failed(`${what} is too old`);
  return end === null ? null : new Date(end.getTime() + leewayMs);
}

/** Times in SAML are UTC (SAML 2.0 Core, 1.3.3). */
function readTime(element: XmlElement, name: string): Date | null {
  const text = attributeOf(element, name);
  if (text === undefined) return null;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:00)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw failed(`${name} is no time`);
  return new Date(time);
}

function readAttributes(assertion: XmlElement): Map<string, string[]> {
  const attributes = new Map<string, string[]>();
  for (const statement of childrenOf(assertion, assertionSpace, "AttributeStatement"))
    for (const attribute of childrenOf(statement, assertionSpace, "Attribute")) {
      const name = attributeOf(attribute, "Name") ?? "";
      const values = childrenOf(attribute, assertionSpace, "AttributeValue").map(({ text }) => text.trim());
      attributes.set(name, [...(attributes.get(name) ?? []), ...values.filter((value) => value !== "")]);
    }
  return attributes;
}

function allOf(attributes: ReadonlyMap<string, string[]>, names: readonly string[]): string[] {
  return names.map((name) => attributes.get(name) ?? []).find((values) => values.length > 0) ?? [];
}

function firstOf(attributes: ReadonlyMap<string, string[]>, names: readonly string[]): string | undefined {
  return allOf(attributes, names)[0];
}

function only(parent: XmlElement, name: string): XmlElement {
  const found = childrenOf(parent, assertionSpace, name);
  if (found.length !== 1) throw failed(`the assertion has ${found.length === 0 ? "no" : "more than one"} ${name}`);
  return found[0]!;
}

function failed(why: string): FlowRefused {
  return new FlowRefused("failed", why);
}

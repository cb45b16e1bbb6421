import { type SamlFault, startSamlProvider, type TestSamlProvider } from "../../testing/saml-provider.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SamlProvider } from "../oidc/providers.ts";
import { createNodeSaml } from "./node-saml.ts";
import { samlAddresses } from "./saml.ts";

const saml = createNodeSaml();
const ours = samlAddresses("https://costs.example.com");
let idp: TestSamlProvider;
let provider: SamlProvider;

beforeAll(async () => {
  idp = await startSamlProvider(ours);
  const { entityId, signInUrl, certificates } = await saml.readMetadata(idp.metadata);
  provider = {
    key: "one",
    name: "Acme",
    kind: "saml",
    tenantId: "tenant",
    issuer: entityId,
    signInUrl,
    certificates: certificates.map(({ pem }) => pem),
  };
});
afterAll(() => idp.stop());
beforeEach(() => Object.assign(idp, { fault: {}, account: { name: "f3b1-ann" } }));

let requests = 0;

/** Signs in once. @param minutes how late it is when the answer comes */
async function signIn({ fault = {}, minutes = 0 }: { fault?: SamlFault; minutes?: number } = {}) {
  idp.fault = fault;
  const requestId = `_request${(requests += 1)}`;
  const sent = await idp.answer(await saml.start(provider, ours, { state: "state", requestId }));
  const now = new Date(new Date().getTime() + minutes * 60_000);
  return saml.finish(provider, ours, { response: sent.SAMLResponse, requestId, now });
}

const refused = (reason: RegExp) => ({ name: "FlowRefused", reason: "failed", message: expect.stringMatching(reason) });

describe("an answer of a real provider", () => {
  it("tells who came back, by entity id and persistent name", async () => {
    idp.account = {
      name: "f3b1-ann",
      attributes: { email: ["Ann@Acme.example"], displayName: ["Ann"], groups: ["devs", "finance"] },
    };
    const { found, assertionId, endsAt } = await signIn();
    expect(found).toEqual({
      issuer: idp.issuer,
      subject: "f3b1-ann",
      email: "ann@acme.example",
      isEmailVerified: true,
      name: "Ann",
      groups: ["devs", "finance"],
    });
    expect(assertionId).toMatch(/^_assertion/);
    expect(endsAt.getTime()).toBeGreaterThan(new Date().getTime() + 5 * 60_000);
  });

  it("tells no address where the provider tells none, and reads Microsoft's names", async () => {
    expect((await signIn()).found).toMatchObject({ email: null, isEmailVerified: false, name: "", groups: [] });
    idp.account = {
      name: "f3b1-ann",
      attributes: {
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": ["ann@acme.example"],
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups": ["11111111-2222"],
      },
    };
    expect((await signIn()).found).toMatchObject({ email: "ann@acme.example", groups: ["11111111-2222"] });
  });

  it("may have a signed response around the signed assertion", async () => {
    expect((await signIn({ fault: { signs: "both" } })).found.subject).toBe("f3b1-ann");
  });

  it("is taken within a minute of its times by the host's clock, and not beyond", async () => {
    await expect(signIn({ minutes: 5.9 })).resolves.toMatchObject({ found: { subject: "f3b1-ann" } });
    await expect(signIn({ minutes: -0.9 })).resolves.toMatchObject({ found: { subject: "f3b1-ann" } });
    await expect(signIn({ minutes: 6.1 })).rejects.toMatchObject(refused(/too old/));
    await expect(signIn({ minutes: -1.1 })).rejects.toMatchObject(refused(/not count yet/));
  });

  it("counts for any of the certificates, so that a provider can change its key", async () => {
    const { certificates } = provider;
    const soon = (await saml.readCertificate(idp.foreignCertificate)).pem;
    provider.certificates = [soon, ...certificates];
    await expect(signIn()).resolves.toMatchObject({ found: { subject: "f3b1-ann" } });
    provider.certificates = [soon];
    await expect(signIn()).rejects.toMatchObject(refused(/[Ii]nvalid signature/));
    provider.certificates = certificates;
  });

  it("that somebody did not agree, is no fault", async () => {
    const says = (status: string): SamlFault => ({
      afterSigning: (xml) => xml.replace(/<samlp:StatusCode [^>]*>/, status),
    });
    const code = (word: string, inner = "") =>
      `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${word}">${inner}</samlp:StatusCode>`;
    await expect(signIn({ fault: says(code("Responder", code("AuthnFailed"))) })).rejects.toMatchObject({
      reason: "refused",
    });
    await expect(signIn({ fault: says(code("Responder", code("NoPassive"))) })).rejects.toMatchObject(
      refused(/NoPassive/),
    );
  });
});

const before = (from: string | RegExp, to: string): SamlFault => ({ beforeSigning: (xml) => swap(xml, from, to) });
const after = (from: string | RegExp, to: string): SamlFault => ({ afterSigning: (xml) => swap(xml, from, to) });

/** A fault that changes nothing would prove nothing. */
function swap(xml: string, from: string | RegExp, to: string): string {
  const changed = xml.replace(from, () => to);
  if (changed === xml) throw new Error(`nothing is changed: ${String(from)}`);
  return changed;
}

describe("an assertion that the provider signed, and that is not for this sign-in", () => {
  it.each<[string, SamlFault, RegExp]>([
    ["another audience", before(/<saml:Audience>[^<]*/, "<saml:Audience>https://other.example"), /udience/],
    ["no audience", before(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ""), /udience/],
    ["no conditions", before(/<saml:Conditions.*<\/saml:Conditions>/, ""), /Conditions|AudienceRestriction/],
    ["another recipient", before(/Recipient="[^"]*"/, 'Recipient="https://other.example"'), /Recipient/],
    ["another address", before(/Destination="[^"]*"/, 'Destination="https://other.example"'), /Destination/],
    ["another request", before(/InResponseTo="[^"]*"/, 'InResponseTo="_other"'), /InResponseTo/],
    ["a confirmation of another request", before(/InResponseTo="[^"]*"\/>/, 'InResponseTo="_other"/>'), /InResponseTo/],
    ["no request", before(/ InResponseTo="[^"]*"/, ""), /InResponseTo/],
    ["no end", before(/SubjectConfirmationData NotOnOrAfter="[^"]*"/, "SubjectConfirmationData"), /NotOnOrAfter/],
    ["a holder of a key", before("cm:bearer", "cm:holder-of-key"), /bearer/],
    ["another provider", before(/<saml:Issuer>[^<]*/, "<saml:Issuer>https://evil.example"), /Issuer/],
    ["nobody who signed in", before(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, ""), /signed in/],
    ["a transient name", before(/nameid-format:persistent/, "nameid-format:transient"), /transient.*persistent/],
    [
      "an address as name",
      before("SAML:2.0:nameid-format:persistent", "SAML:1.1:nameid-format:emailAddress"),
      /emailAddress.*persistent/,
    ],
    ["a name of another service", before("<saml:NameID ", '<saml:NameID SPNameQualifier="x" '), /another service/],
    [
      "two names",
      before(/<saml:SubjectConfirmation /, "<saml:NameID>a</saml:NameID><saml:SubjectConfirmation "),
      /NameID/,
    ],
    ["SAML 1.1", before(/Version="2.0"/, 'Version="1.1"'), /2\.0/],
  ])("is refused: %s", async (_, fault, reason) => {
    await expect(signIn({ fault })).rejects.toMatchObject(refused(reason));
  });
});

describe("an answer that the provider did not sign like this", () => {
  const sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
  it.each<[string, SamlFault, RegExp]>([
    ["a foreign key", { key: "foreign" }, /[Ii]nvalid signature/],
    ["a signed response alone", { signs: "response" }, /assertion itself is not signed/],
    ["no signature", after(/<ds:Signature.*<\/ds:Signature>/s, ""), /not signed/],
    ["another name", after(">f3b1-ann<", ">f3b1-bob<"), /[Ii]nvalid signature/],
    ["SHA-1", { algorithm: sha1 }, /sha1.*SHA-256/],
    [
      "a transform that is a program",
      after("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
      /xslt/,
    ],
    ["an HMAC by the public certificate", after("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"), /hmac/],
    [
      "an encrypted assertion",
      { afterSigning: (xml) => xml.replaceAll("saml:Assertion", "saml:EncryptedAssertion") },
      /encrypted/,
    ],
    ["a comment in the name", after(">f3b1-ann<", ">f3b1-ann<!---->.evil<"), /comment/],
    ["a comment in the signed name", before(">f3b1-ann<", ">f3b1<!---->-ann<"), /comment/],
    ["CDATA in the name", after(">f3b1-ann<", "><![CDATA[f3b1-ann]]><"), /CDATA/],
    ["an instruction in the name", after(">f3b1-ann<", ">f3b1-ann<?x y?><"), /instruction/],
    ["a document type", { afterSigning: (xml) => `<!DOCTYPE a>${xml}` }, /document type/],
    [
      "a bomb of entities",
      {
        afterSigning: (xml) =>
          `<!DOCTYPE a [<!ENTITY a "${"a".repeat(100)}"><!ENTITY b "${"&a;".repeat(100)}">]>${xml.replace("f3b1-ann", "&b;")}`,
      },
      /document type/,
    ],
    [
      "a file of the server",
      { afterSigning: (xml) => `<!DOCTYPE a SYSTEM "file:///etc/passwd">${xml}` },
      /document type/,
    ],
    ["an entity that nobody defined", after(">f3b1-ann<", ">&ann;<"), /well-formed/],
    ["XML that goes on", { afterSigning: (xml) => `${xml}<more/>` }, /well-formed/],
    ["a prefix without a namespace", after("<samlp:Status>", "<nobody:Status>"), /well-formed/],
    ["too many levels", after("<samlp:Status>", `${"<a>".repeat(50)}${"</a>".repeat(50)}<samlp:Status>`), /deep/],
    ["too much", after("<samlp:Status>", `<a>${"a".repeat(600_000)}</a><samlp:Status>`), /large/],
  ])("is refused: %s", async (_, fault, reason) => {
    await expect(signIn({ fault })).rejects.toMatchObject(refused(reason));
  });

  it("is refused: what is no XML, no base64 or no text", async () => {
    for (const [response, reason] of [
      ["", /base64/],
      ["<xml/>", /base64/],
      [Buffer.from("no xml").toString("base64"), /well-formed/],
      [Buffer.from([0xff, 0xfe, 0x3c]).toString("base64"), /encod|utf-8|valid/i],
    ] as const)
      await expect(saml.finish(provider, ours, { response, requestId: "_1", now: new Date() })).rejects.toMatchObject(
        refused(reason),
      );
  });
});

/** Parts of a signed answer, and the assertion as an attacker would have it. */
function partsOf(xml: string) {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)![0];
  const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(assertion)![0];
  const unsigned = assertion.replace(signature, "");
  const evil = unsigned.replace("f3b1-ann", "f3b1-owner").replace(/ ID="[^"]*"/, ' ID="_evil"');
  return { assertion, signature, unsigned, evil };
}

/** Somli et al., "On Breaking SAML: Be Whoever You Want to Be" (2012), by its numbers. */
const wrappings: [string, SamlFault["signs"], (xml: string) => string][] = [
  [
    "1: the signed response inside the signature of another one",
    "both",
    (xml) => {
      const own = /^(<samlp:Response[^>]*>.*?)(<ds:Signature.*?<\/ds:Signature>)(.*)$/s.exec(xml)!;
      const inner = own[1]! + own[3]!;
      const signature = own[2]!.replace("</ds:Signature>", `${inner}</ds:Signature>`);
      return (own[1]! + signature + own[3]!)
        .replace(/ ID="[^"]*"/, ' ID="_evil"')
        .replace(/f3b1-ann(?!.*f3b1-ann)/s, "f3b1-owner");
    },
  ],
  [
    "2: the signed response beside the signature of another one",
    "both",
    (xml) => {
      const own = /^(<samlp:Response[^>]*>.*?)(<ds:Signature.*?<\/ds:Signature>)(.*)$/s.exec(xml)!;
      const evil = (own[1]! + own[3]!).replace(/ ID="[^"]*"/, ' ID="_evil"').replace("f3b1-ann", "f3b1-owner");
      return evil.replace("<samlp:Status>", () => `${own[1]! + own[3]!}${own[2]!}<samlp:Status>`);
    },
  ],
  [
    "3: another assertion before the signed one",
    "assertion",
    (xml) => aroundAssertion(xml, ({ evil, assertion }) => evil + assertion),
  ],
  [
    "4: the signed assertion inside another one",
    "assertion",
    (xml) =>
      aroundAssertion(xml, ({ evil, assertion }) =>
        evil.replace("</saml:Assertion>", () => `${assertion}</saml:Assertion>`),
      ),
  ],
  [
    "5: another assertion with the signature of the signed one, which comes after",
    "assertion",
    (xml) =>
      aroundAssertion(
        xml,
        ({ evil, signature, unsigned }) =>
          evil.replace("<saml:Subject>", () => `${signature}<saml:Subject>`) + unsigned,
      ),
  ],
  [
    "6: the signed assertion inside the signature of another one",
    "assertion",
    (xml) =>
      aroundAssertion(xml, ({ evil, signature, unsigned }) =>
        evil.replace(
          "<saml:Subject>",
          () => `${signature.replace("</ds:Signature>", () => `${unsigned}</ds:Signature>`)}<saml:Subject>`,
        ),
      ),
  ],
  [
    "7: another assertion in an extension before the signed one",
    "assertion",
    (xml) => aroundAssertion(xml, ({ evil, assertion }) => `<samlp:Extensions>${evil}</samlp:Extensions>${assertion}`),
  ],
  [
    "8: the signed assertion in an object of the signature of another one",
    "assertion",
    (xml) =>
      aroundAssertion(xml, ({ evil, signature, unsigned }) =>
        evil.replace(
          "<saml:Subject>",
          () =>
            `${signature.replace("</ds:Signature>", () => `<ds:Object>${unsigned}</ds:Object></ds:Signature>`)}<saml:Subject>`,
        ),
      ),
  ],
];

function aroundAssertion(xml: string, make: (parts: ReturnType<typeof partsOf>) => string): string {
  const parts = partsOf(xml);
  return xml.replace(parts.assertion, () => make(parts));
}

describe("a signature that holds, around which somebody wrapped something else (XSW)", () => {
  it.each(wrappings)("is refused: %s", async (_, signs, wrap) => {
    const afterSigning = (xml: string) => {
      const wrapped = wrap(xml);
      expect(wrapped).toContain("f3b1-owner");
      expect(wrapped).toContain("f3b1-ann");
      return wrapped;
    };
    await expect(signIn({ fault: { signs: signs!, afterSigning } })).rejects.toMatchObject(
      refused(/more than one assertion|response inside|wrong place|has an object/),
    );
  });

  it("is refused: two elements of one id, and an id by another name", async () => {
    for (const name of ["ID", "Id", "id", "xml:id"]) {
      const afterSigning = (xml: string) => {
        const id = /<saml:Assertion [^>]*ID="([^"]*)"/.exec(xml)![1]!;
        return swap(xml, "<samlp:Status>", `<samlp:Extensions><a ${name}="${id}"/></samlp:Extensions><samlp:Status>`);
      };
      await expect(signIn({ fault: { afterSigning } })).rejects.toMatchObject(refused(/same id/));
    }
  });
});

describe("metadata of a provider", () => {
  it("is read, with its certificates", async () => {
    const { entityId, signInUrl, certificates } = await saml.readMetadata(
      `<!-- from ${idp.issuer} -->\n${idp.metadata}`,
    );
    expect([entityId, new URL(signInUrl).pathname]).toEqual([idp.issuer, "/sso"]);
    expect(certificates).toMatchObject([{ fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) }]);
  });

  it.each<[string, (xml: string) => string, RegExp]>([
    ["no XML", () => "hello", /no metadata/],
    ["entities", (xml) => `<!DOCTYPE a [<!ENTITY b "c">]>${xml}`, /no metadata/],
    ["no provider", (xml) => xml.replaceAll("IDPSSODescriptor", "SPSSODescriptor"), /no identity provider/],
    ["no certificate", (xml) => xml.replace(/<KeyDescriptor.*<\/KeyDescriptor>/s, ""), /no certificate/],
    ["a broken certificate", (xml) => xml.replace(/(X509Certificate>)[^<]*/, "$1AAAA"), /This is no certificate/],
    ["POST alone", (xml) => xml.replace("HTTP-Redirect", "HTTP-POST"), /HTTP-Redirect/],
    [
      "signed requests",
      (xml) => xml.replace('WantAuthnRequestsSigned="false"', 'WantAuthnRequestsSigned="true"'),
      /signed requests/,
    ],
  ])("is refused in words: %s", async (_, change, sentence) => {
    const changed = change(idp.metadata);
    expect(changed).not.toBe(idp.metadata);
    await expect(saml.readMetadata(changed)).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringMatching(sentence),
    });
  });
});

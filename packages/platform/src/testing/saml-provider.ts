import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { describeService, persistentName, type SamlAddresses } from "../identity/saml/saml.ts";

/** As far as it is used here. Its own types bring those of a browser into every file of the program. */
interface Samlify {
  setSchemaValidator(validator: { validate(): Promise<string> }): void;
  ServiceProvider(settings: { metadata: string; wantMessageSigned: boolean }): object;
  IdentityProvider(settings: object): {
    getMetadata(): string;
    parseLoginRequest(sp: object, binding: "redirect", sent: { query: object }): Promise<LoginRequest>;
    createLoginResponse(
      sp: object,
      request: LoginRequest,
      binding: "post",
      user: object,
      options: { customTagReplacement(template: string): { id: string; context: string } },
    ): Promise<{ context: string }>;
  };
  SamlLib: { replaceTagsByValue(template: string, values: Record<string, string>): string };
}

interface LoginRequest {
  extract: { request: { id: string } };
}

const require = createRequire(import.meta.url);
const { IdentityProvider, SamlLib, ServiceProvider, setSchemaValidator } = require("samlify") as Samlify;

// It asks for a check against SAML's schemas, which needs a program of its own; requests here come from our own code.
setSchemaValidator({ validate: () => Promise.resolve("not looked at") });

const redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/** Who signs in at the provider, without being asked. */
export interface SamlAccount {
  name: string;
  attributes?: Readonly<Record<string, readonly string[]>>;
}

/** What a real provider does not do, or one that is set up otherwise. */
export interface SamlFault {
  /** Other XML, signed by the provider's own key. */
  beforeSigning?: (xml: string) => string;
  /** Other XML after that. */
  afterSigning?: (xml: string) => string;
  signs?: "assertion" | "response" | "both";
  /** A key that the provider does not publish. */
  key?: "foreign";
  algorithm?: string;
  /** What the browser brings beside the answer. */
  relayState?: string;
}

export interface TestSamlProvider {
  /** Its entity id. */
  issuer: string;
  metadata: string;
  /** Of the key that it does not publish. */
  foreignCertificate: string;
  account: SamlAccount;
  fault: SamlFault;
  /** What the form has that the provider's page sends for the request in an address. */
  answer(location: string): Promise<{ action: string; SAMLResponse: string; RelayState: string }>;
  stop(): Promise<void>;
}

/** A real SAML provider on this machine: requests, answers and signatures are those of samlify. */
export async function startSamlProvider(ours: SamlAddresses): Promise<TestSamlProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${base}/metadata`;
  const [own, foreign] = await Promise.all([makeKey(), makeKey()]);
  const createIdp = once((keyName: "own" | "foreign", algorithm: string) => {
    const key = keyName === "foreign" ? foreign : own;
    return IdentityProvider({
      entityID: issuer,
      privateKey: key.privateKey,
      signingCert: key.certificate,
      requestSignatureAlgorithm: algorithm,
      nameIDFormat: [persistentName],
      singleSignOnService: [{ Binding: redirect, Location: `${base}/sso` }],
      singleLogoutService: [{ Binding: redirect, Location: `${base}/end` }],
    });
  });
  const createSp = once((signs: NonNullable<SamlFault["signs"]>) => {
    const service = describeService(ours).replace(
      'WantAssertionsSigned="true"',
      `WantAssertionsSigned="${signs !== "response"}"`,
    );
    return ServiceProvider({ metadata: service, wantMessageSigned: signs !== "assertion" });
  });

  const provider: TestSamlProvider = {
    issuer,
    metadata: createIdp("own", rsaSha256).getMetadata(),
    foreignCertificate: foreign.certificate,
    account: { name: "1" },
    fault: {},
    async answer(location) {
      const query = Object.fromEntries(new URL(location).searchParams);
      const { fault, account } = provider;
      const idp = createIdp(fault.key ?? "own", fault.algorithm ?? rsaSha256);
      const sp = createSp(fault.signs ?? "assertion");
      const request = await idp.parseLoginRequest(sp, "redirect", { query });
      const { id } = request.extract.request;
      const made = await idp.createLoginResponse(
        sp,
        request,
        "post",
        {},
        {
          customTagReplacement: (template) => {
            const xml = fillIn(template, { issuer, ours, account, requestId: id });
            return { id: "unused", context: (fault.beforeSigning ?? same)(xml) };
          },
        },
      );
      const signed = Buffer.from(made.context, "base64").toString();
      return {
        action: ours.consumerUrl,
        SAMLResponse: Buffer.from((fault.afterSigning ?? same)(signed)).toString("base64"),
        RelayState: fault.relayState ?? query["RelayState"] ?? "",
      };
    },
    stop: () => stop(server),
  };

  server.on("request", (request, answer) => {
    void provider
      .answer(new URL(request.url!, base).href)
      .then(({ action, ...fields }) => {
        const inputs = Object.entries(fields).map(
          ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
        );
        const form = `<form method="post" action="${action}">${inputs.join("")}<button>Go on</button></form>`;
        answer.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Provider</title>${form}`);
      })
      .catch((error: unknown) => answer.writeHead(500).end(String(error)));
  });
  return provider;
}

const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

interface Filling {
  issuer: string;
  ours: SamlAddresses;
  account: SamlAccount;
  requestId: string;
}

let answers = 0;

function fillIn(template: string, { issuer, ours, account, requestId }: Filling): string {
  const now = new Date().getTime();
  const inFiveMinutes = new Date(now + 300_000).toISOString();
  const started = new Date(now).toISOString();
  const values = {
    ID: `_response${(answers += 1)}`,
    AssertionID: `_assertion${answers}`,
    Destination: ours.consumerUrl,
    Audience: ours.entityId,
    SubjectRecipient: ours.consumerUrl,
    Issuer: issuer,
    IssueInstant: started,
    StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success",
    ConditionsNotBefore: started,
    ConditionsNotOnOrAfter: inFiveMinutes,
    SubjectConfirmationDataNotOnOrAfter: inFiveMinutes,
    NameIDFormat: persistentName,
    NameID: account.name,
    InResponseTo: requestId,
  };
  const statement = `<saml:AuthnStatement AuthnInstant="${started}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const attributes = Object.entries(account.attributes ?? {}).map(
    ([name, texts]) =>
      `<saml:Attribute Name="${name}">${texts.map((text) => `<saml:AttributeValue>${text}</saml:AttributeValue>`).join("")}</saml:Attribute>`,
  );
  const statements =
    attributes.length === 0 ? "" : `<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement>`;
  return SamlLib.replaceTagsByValue(
    template.replace("{AuthnStatement}", statement).replace("{AttributeStatement}", statements),
    values,
  );
}

/** Reading metadata is what takes the time. */
function once<A extends readonly string[], T>(make: (...parts: A) => T): (...parts: A) => T {
  const made = new Map<string, T>();
  return (...parts) => {
    const key = parts.join(" ");
    const value = made.get(key) ?? make(...parts);
    made.set(key, value);
    return value;
  };
}

interface TestKey {
  privateKey: string;
  certificate: string;
}

async function makeKey(): Promise<TestKey> {
  const notAfterDate = new Date(new Date().getTime() + 365 * 86_400_000);
  const made = await generate([{ name: "commonName", value: "test" }], {
    keySize: 2048,
    algorithm: "sha256",
    notAfterDate,
  });
  return { privateKey: made.private, certificate: made.cert };
}

function same(xml: string): string {
  return xml;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

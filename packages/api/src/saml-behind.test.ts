import type { AppError } from "@finops/kernel/app-error";
import type { SamlProvider } from "@finops/platform/identity/oidc/providers";
import { createNodeSaml } from "@finops/platform/identity/saml/node-saml";
import { type Saml, samlAddresses } from "@finops/platform/identity/saml/saml";
import { startSamlProvider, type TestSamlProvider } from "@finops/platform/testing/saml-provider";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createApi } from "./app.ts";
import { createSamlBehind } from "./saml-behind.ts";
import { createTestDoor, type TestDoor } from "./testing/test-door.ts";

const ours = samlAddresses("https://costs.example.com");
const node = createNodeSaml();
let idp: TestSamlProvider;
let door: TestDoor;
/** The process behind, on the same database. */
let behind: ReturnType<typeof createApi>;
/** What the host in front has. */
let front: Saml;
let sealed: string[] = [];
let isAway = false;

beforeAll(async () => {
  idp = await startSamlProvider(ours);
  door = await createTestDoor();
  behind = apiWith(node);
  front = createSamlBehind(door.host, async ({ path, method, body }) => {
    if (isAway) throw new TypeError("Network connection lost.");
    sealed.push(await new Response(body).text());
    return send(path, method, sealed.at(-1)!);
  });
});
beforeEach(() => {
  [sealed, isAway] = [[], false];
  Object.assign(idp, { fault: {}, account: { name: "f3b1-ann", attributes: { email: ["ann@acme.example"] } } });
});
afterAll(async () => {
  await door.close();
  await idp.stop();
});

function apiWith(saml: Saml | null): ReturnType<typeof createApi> {
  const host = { ...door.host, saml };
  return createApi({ host, store: null!, engine: null, isReady: () => Promise.resolve(true), local: null });
}

async function send(path: string, method: string, body: string): Promise<Response> {
  return behind.request(`http://node.internal${path}`, { method, body });
}

async function provider(): Promise<SamlProvider> {
  const { entityId, signInUrl, certificates } = await front.readMetadata(idp.metadata);
  return {
    key: "one",
    name: "Acme",
    kind: "saml",
    tenantId: "tenant",
    issuer: entityId,
    signInUrl,
    certificates: certificates.map(({ pem }) => pem),
  };
}

it("signs in by the process behind, as one that checks signatures itself does", async () => {
  const of = await provider();
  const sent = await idp.answer(await front.start(of, ours, { state: "state", requestId: "_request" }));
  const came = { response: sent.SAMLResponse, requestId: "_request", now: new Date() };
  const arrival = await front.finish(of, ours, came);
  expect(arrival).toEqual(await node.finish(of, ours, came));
  expect(arrival.found).toMatchObject({ subject: "f3b1-ann", email: "ann@acme.example" });
  expect(await front.readMetadata(idp.metadata)).toEqual(await node.readMetadata(idp.metadata));
  expect(await front.readCertificate(idp.foreignCertificate)).toEqual(
    await node.readCertificate(idp.foreignCertificate),
  );
});

it("refuses whom that process refuses, and says what it says of wrong input", async () => {
  const of = await provider();
  idp.fault = { key: "foreign" };
  const sent = await idp.answer(await front.start(of, ours, { state: "state", requestId: "_request" }));
  await expect(
    front.finish(of, ours, { response: sent.SAMLResponse, requestId: "_request", now: new Date() }),
  ).rejects.toMatchObject({
    name: "FlowRefused",
    reason: "failed",
    message: expect.stringMatching(/invalid signature/i),
  });
  const told = await node.readMetadata("<no-metadata/>").catch((error: unknown) => error);
  const { code, message } = told as AppError;
  await expect(front.readMetadata("<no-metadata/>")).rejects.toMatchObject({ code, message });
});

it("answers nobody who could not seal the question, nor what was sealed a while ago", async () => {
  await provider();
  const [question] = sealed as [string];
  const status = async (body: string) => (await send("/api/saml-behind", "POST", body)).status;
  expect(await status(question)).toBe(200);
  expect(await status("made up")).toBe(403);
  expect(await status(`${question.slice(0, -9)}${question.at(-9) === "A" ? "B" : "A"}${question.slice(-8)}`)).toBe(403);
  door.pass(3);
  expect(await status(question)).toBe(403);
  // A host that cannot check signatures has no such way in.
  const without = apiWith(null);
  expect((await without.request("/api/saml-behind", { method: "POST", body: question })).status).toBe(404);
});

it("believes no answer to another question", async () => {
  let answers = 0;
  const stale = createSamlBehind(door.host, async ({ path, method, body }) => {
    answers += 1;
    const answer = await send(path, method, await new Response(body).text());
    if (answers === 1) return answer;
    return send(path, method, sealed[0]!);
  });
  await front.readMetadata(idp.metadata);
  await stale.readMetadata(idp.metadata);
  await expect(stale.readMetadata(idp.metadata)).rejects.toMatchObject({ code: "forbidden" });
});

it("says so when the process behind does not answer", async () => {
  isAway = true;
  await expect(front.readMetadata(idp.metadata)).rejects.toMatchObject({ code: "upstream" });
});

import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { FlowRefused, FoundIdentity } from "@finops/platform/identity/found-identity";
import type { Saml, SamlArrival, SamlCertificate } from "@finops/platform/identity/saml/saml";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import type { EngineBehind } from "./engine-behind.ts";
import { openWord, sealWord } from "./word-of-host.ts";

type Speaker = Pick<Host, "vault" | "clock">;

const samlPath = "/api/saml-behind";
const answerMaxMs = 10_000;
/** An answer of a provider of 1 MiB, sealed. */
const questionMaxBytes = 2 * 1024 * 1024;

const provider = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.literal("saml"),
  tenantId: z.string(),
  issuer: z.string(),
  signInUrl: z.string(),
  certificates: z.array(z.string()),
});
const ours = z.object({ entityId: z.string(), consumerUrl: z.string() });
const way = z.object({ state: z.string(), requestId: z.string() });
const answer = z.object({
  response: z.string(),
  requestId: z.string(),
  now: z.coerce.date(),
  groupClaim: z.string().optional(),
});

const Question = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("start"), provider, ours, way }),
  z.object({ ask: z.literal("finish"), provider, ours, answer }),
  z.object({ ask: z.literal("readMetadata"), xml: z.string() }),
  z.object({ ask: z.literal("readCertificate"), text: z.string() }),
]);
type Question = z.input<typeof Question>;

const Certificate = z.object({ pem: z.string(), fingerprint: z.string(), endsAt: z.coerce.date() });
const Metadata = z.object({ entityId: z.string(), signInUrl: z.string(), certificates: z.array(Certificate) });
const Arrival = z.object({ found: FoundIdentity, assertionId: z.string(), endsAt: z.coerce.date() });

/** What became of a question: an answer, somebody who may not come in, or an error that people can do something about. */
const Outcome = z.union([
  z.object({ refused: z.enum(["refused", "failed"]), why: z.string() }),
  z.object({ error: z.enum(["invalid", "precondition"]), message: z.string() }),
  z.object({ answered: z.unknown() }),
]);
type Outcome = z.infer<typeof Outcome>;

/** SAML for a host that cannot check signatures of XML, by a process that can. What it asks and hears is sealed, for each question anew. */
export function createSamlBehind(host: Speaker, ask: EngineBehind): Saml {
  async function question<T>(asked: Question, schema: z.ZodType<T>): Promise<T> {
    const id = newId();
    const body = await sealWord(host, { id, asked }, aboutQuestion);
    const outcome = await openWord(host, await send(body), aboutAnswer(id), Outcome);
    if ("refused" in outcome) throw new FlowRefused(outcome.refused, outcome.why);
    if ("error" in outcome) throw new AppError(outcome.error, outcome.message);
    return schema.parse(outcome.answered);
  }

  async function send(body: string): Promise<string> {
    try {
      const response = await ask({
        method: "POST",
        path: samlPath,
        headers: new Headers({ "content-type": "text/plain" }),
        body: new Response(body).body,
        signal: AbortSignal.timeout(answerMaxMs),
      });
      if (!response.ok) throw new Error(`it says ${response.status}`);
      return await response.text();
    } catch (cause) {
      throw new AppError(
        "upstream",
        "What checks the answers of SAML providers does not answer. Try again in a minute.",
        {
          cause,
        },
      );
    }
  }

  return {
    start: (of, addresses, sent) =>
      question(
        { ask: "start", provider: { ...of, certificates: [...of.certificates] }, ours: addresses, way: sent },
        z.string(),
      ),
    finish: (of, addresses, came): Promise<SamlArrival> =>
      question(
        { ask: "finish", provider: { ...of, certificates: [...of.certificates] }, ours: addresses, answer: came },
        Arrival,
      ),
    readMetadata: (xml) => question({ ask: "readMetadata", xml }, Metadata),
    readCertificate: (text): Promise<SamlCertificate> => question({ ask: "readCertificate", text }, Certificate),
  };
}

/** Where such a host asks; who could not seal the question hears nothing. */
export function samlBehindRoutes(host: Speaker, saml: Saml): Hono<AppEnv> {
  const limit = bodyLimit({
    maxSize: questionMaxBytes,
    onError: () => {
      throw new AppError("too_large", "A question about SAML has at most 2 MiB.");
    },
  });
  return new Hono<AppEnv>().post(samlPath, limit, async (c) => {
    const word = z.object({ id: z.string(), asked: Question });
    const { id, asked } = await openWord(host, await c.req.text(), aboutQuestion, word);
    return c.text(await sealWord(host, await outcomeOf(asked, saml), aboutAnswer(id)));
  });
}

async function outcomeOf(asked: z.output<typeof Question>, saml: Saml): Promise<Outcome> {
  try {
    return { answered: await answerTo(asked, saml) };
  } catch (error) {
    if (error instanceof FlowRefused) return { refused: error.reason, why: error.message };
    if (error instanceof AppError && (error.code === "invalid" || error.code === "precondition"))
      return { error: error.code, message: error.message };
    throw error;
  }
}

function answerTo(asked: z.output<typeof Question>, saml: Saml): Promise<unknown> {
  switch (asked.ask) {
    case "start":
      return saml.start(asked.provider, asked.ours, asked.way);
    case "finish": {
      const { groupClaim, ...came } = asked.answer;
      return saml.finish(asked.provider, asked.ours, { ...came, ...(groupClaim === undefined ? {} : { groupClaim }) });
    }
    case "readMetadata":
      return saml.readMetadata(asked.xml);
    case "readCertificate":
      return saml.readCertificate(asked.text);
  }
}

const aboutQuestion = "a question about SAML";

function aboutAnswer(id: string): string {
  return `an answer about SAML to ${id}`;
}

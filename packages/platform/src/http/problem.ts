import * as z from "zod";

/** The body of every error (RFC 9457). `code` is stable; `detail` is for people and says what to do. */
export const Problem = z
  .object({
    /** The page that explains the code. */
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    facts: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;

const titles = {
  400: "The request is not valid",
  401: "Nobody is signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Conflict",
  412: "A precondition does not hold",
  413: "The body is too large",
  429: "A limit is reached",
  500: "A defect of the program",
  502: "Something that the program needs does not answer",
} as const;

type ErrorStatus = keyof typeof titles;

/** The error answers that any route may give, for its OpenAPI description. */
export const problemResponses = Object.fromEntries(
  Object.entries(titles).map(([status, description]) => [
    status,
    { description, content: { "application/problem+json": { schema: Problem } } },
  ]),
) as Record<ErrorStatus, { description: string; content: { "application/problem+json": { schema: typeof Problem } } }>;

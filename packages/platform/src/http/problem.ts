import * as z from "zod";

/** The body of every error (RFC 9457). `code` is stable; `detail` is for people and says what to do. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  facts: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The error answers that any route may give, for its OpenAPI description. */
export const problemResponses = Object.fromEntries(
  ([400, 401, 403, 404, 409, 412, 429, 500] as const).map((status) => [
    status,
    { description: titles()[status], content: { "application/problem+json": { schema: Problem } } },
  ]),
) as Record<
  400 | 401 | 403 | 404 | 409 | 412 | 429 | 500,
  { description: string; content: { "application/problem+json": { schema: typeof Problem } } }
>;

function titles(): Record<number, string> {
  return {
    400: "The request is not valid",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    412: "A precondition does not hold",
    429: "A limit is reached",
    500: "A defect of the program",
  };
}

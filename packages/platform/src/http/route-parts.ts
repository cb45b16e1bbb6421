import { problemResponses } from "./problem.ts";

/** An answer in JSON, for the `responses` of a route. */
export const json = <T>(schema: T, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

/**
 * A body in JSON that must be there. The `example` stands in the document, where the tests of isolation take it for a route
 * whose schema alone does not make a body that it accepts.
 */
export const body = <T>(schema: T, example?: unknown) => ({
  required: true,
  content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
});

/** What a route answers that leaves nothing behind to show. */
export const gone = (description: string) => ({ 204: { description }, ...problemResponses });

import type { costOperations } from "@finops/capabilities/costs/operations";
import type { exportOperations } from "@finops/capabilities/exports/operations";
import type * as z from "zod";

/** The routes whose declarations are kept apart from their handlers, so that a client may have their types. */
type Declared = typeof costOperations & typeof exportOperations;
type Route = Declared[keyof Declared];

type JsonSchema<T> = T extends { content: { "application/json": { schema: infer S extends z.ZodType } } } ? S : never;
type InputOf<T> = [T] extends [never] ? never : T extends z.ZodType ? z.input<T> : never;
type OutputOf<T> = [T] extends [never] ? never : T extends z.ZodType ? z.output<T> : never;
type Asked<R, Name extends "params" | "query"> = R extends { request: { [N in Name]: infer S } } ? InputOf<S> : never;

/**
 * What a client may call, by method and path: `"POST /api/v1/cost/query"` has the parameters of its path and address, its body
 * and its answer, taken from the schemas that the server checks by. Types only; a wrong path or field does not compile.
 */
export type Operations = {
  [R in Route as `${Uppercase<R["method"]>} /api/v1${R["path"]}`]: {
    params: Asked<R, "params">;
    query: Asked<R, "query">;
    body: R extends { request: { body: infer B } } ? InputOf<JsonSchema<B>> : never;
    answer: R extends { responses: { 200: infer A } } ? OutputOf<JsonSchema<A>> : never;
  };
};

import { AppError } from "@finops/kernel/app-error";
import type { Context as HonoContext } from "hono";
import type * as z from "zod";
import { checkJson } from "./guard-input.ts";

const charactersMax = 100_000;

/** The body of a request at the door. @throws invalid for what is not of this shape, too_large for what is far too long */
export async function readBody<T>(c: HonoContext, schema: z.ZodType<T>): Promise<T> {
  if (Number(c.req.header("content-length") ?? 0) > charactersMax) throw tooLarge();
  const text = await c.req.text();
  if (text.length > charactersMax) throw tooLarge();
  checkJson(text === "" ? "{}" : text);
  const { data, error } = schema.safeParse(JSON.parse(text === "" ? "{}" : text));
  if (error === undefined) return data;
  const issue = error.issues[0]!;
  throw new AppError("invalid", `${issue.path.join(".") || "The request"}: ${issue.message}`);
}

function tooLarge(): AppError {
  return new AppError("too_large", "The body is too large for signing in.");
}

import { AppError } from "@finops/kernel/app-error";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

/** The longest filters are some 100 kB; files are not JSON and have a limit of their own. */
const bodyBytesMax = 2 * 1024 * 1024;
const nestingMax = 100;

const limitBody = bodyLimit({
  maxSize: bodyBytesMax,
  onError: () => {
    throw new AppError(
      "too_large",
      "The body is larger than 2 MiB. Send bills as a file of an import, and split what is left.",
    );
  },
});

/** Refuses what no route can mean: bodies that are too large, too deep or no JSON, and characters that cannot be stored. */
export function guardInput(): MiddlewareHandler {
  return async (c, next) => {
    if (/%00|\0/.test(c.req.url)) throw zeroCharacter();
    if (isFile(c.req.method, c.req.header("content-type"))) return next();
    return limitBody(c, async () => {
      const text = c.req.method === "GET" || c.req.method === "HEAD" ? "" : await c.req.text();
      if (text !== "") checkJson(text);
      await next();
    });
  };
}

/** Looked at before it is parsed: what reads a body by recursion would end at its depth, not at a sentence. */
export function checkJson(text: string): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isText) {
      if (sign === "\\") {
        if (text.startsWith("u0000", at + 1)) throw zeroCharacter();
        at += lengthOfEscape(text, at) - 1;
      } else if (sign === '"') isText = false;
    } else if (sign === '"') isText = true;
    else if (sign === "{" || sign === "[") {
      depth += 1;
      if (depth > nestingMax)
        throw new AppError("invalid", `The body is nested deeper than ${nestingMax} levels. Flatten it.`);
    } else if (sign === "}" || sign === "]") depth -= 1;
  }
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not JSON. Check its brackets, quotes and commas.", { cause });
  }
}

/** How many characters an escape has; one beyond the first plane is written as two, and neither stands without the other. */
function lengthOfEscape(text: string, at: number): number {
  if (!/^\\ud[89a-f]/i.test(text.slice(at, at + 4))) return 2;
  if (/^\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/i.test(text.slice(at, at + 12))) return 12;
  throw new AppError(
    "invalid",
    "A text holds half of a character (a surrogate without its pair), which cannot be stored. Leave it out.",
  );
}

/** Bytes of a bill, streamed to the disk: a PUT or PATCH of anything but JSON. */
function isFile(method: string, contentType = ""): boolean {
  return (method === "PUT" || method === "PATCH") && !/json/i.test(contentType);
}

function zeroCharacter(): AppError {
  return new AppError(
    "invalid",
    "A text holds the character with the code zero, which cannot be stored. Leave it out.",
  );
}

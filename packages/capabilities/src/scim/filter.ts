import { scimError } from "./scim-error.ts";

/** One test of a filter: an attribute, by its name in lower case, is a text. */
export interface FilterTest {
  attribute: string;
  value: string;
}

/**
 * A filter as identity providers send it: tests for equality, joined by `and` (RFC 7644, 3.4.2.2). Throws `invalid` for anything
 * else, rather than answer a question that was not asked.
 */
export function parseFilter(text: string): FilterTest[] {
  const tests: FilterTest[] = [];
  let rest = text.trim();
  for (;;) {
    const test = /^([\w.:$-]+(?:\[[^\]]*\](?:\.\w+)?)?)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*/i.exec(rest);
    if (test === null) throw unknownFilter();
    tests.push({ attribute: attributeName(test[1]!), value: readValue(test[2]!) });
    rest = rest.slice(test[0].length);
    if (rest === "") return tests;
    const and = /^and\s+/i.exec(rest);
    if (and === null) throw unknownFilter();
    rest = rest.slice(and[0].length);
  }
}

/** `emails[type eq "work"].value` and `urn:…:User:userName` are asked for by their plain names. */
function attributeName(path: string): string {
  return path
    .replace(/^urn:ietf:params:scim:schemas:core:2\.0:(User|Group):/i, "")
    .replace(/\[[^\]]*\]/, "")
    .toLowerCase();
}

function readValue(text: string): string {
  if (!text.startsWith('"')) return text.toLowerCase();
  try {
    return String(JSON.parse(text));
  } catch {
    throw unknownFilter();
  }
}

function unknownFilter() {
  return scimError(
    "invalidFilter",
    'A filter compares by eq, and joins by and: userName eq "ann@acme.example" and active eq true.',
  );
}

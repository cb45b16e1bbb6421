import { type ErrorCode, errorStatus } from "@finops/kernel/app-error";

interface ErrorHelp {
  meaning: string;
  advice: string;
}

/** What each code means and what to do about it: the page that the `type` of a problem leads to. */
export const errorHelp: Record<ErrorCode, ErrorHelp> = {
  invalid: {
    meaning: "The request cannot be understood, or names something that does not exist, such as a dimension.",
    advice:
      "Read the sentence in detail and the path in facts; correct the request. Sent again unchanged, it fails again.",
  },
  unauthenticated: {
    meaning: "Nobody is signed in, or the API key is unknown, revoked or too old.",
    advice: "Sign in anew (`finops link` prints a link), or send a valid key as `Authorization: Bearer …`.",
  },
  forbidden: {
    meaning:
      "You are known, and lack the permission that facts names; or a change came without the header X-Finops-Request.",
    advice: "Ask an owner of your company for the permission.",
  },
  not_found: {
    meaning: "There is no such thing in your company, or it was deleted.",
    advice: "Check the id. What belongs to another company is answered the same way.",
  },
  conflict: {
    meaning: "Somebody changed the same thing since you read it, or an Idempotency-Key was used for another body.",
    advice:
      "Read it again and decide anew; for a key, take a new one. An equal request that is still under way may be asked for again in a moment.",
  },
  limit: {
    meaning:
      "Something is bounded and the bound is reached: requests at once, groups of an answer, time, memory or disk.",
    advice: "Wait a little and try again, or ask for less: a shorter period, fewer groups.",
  },
  too_large: {
    meaning: "The body is larger than this route takes.",
    advice: "Send less at once. Bills are sent as files of an import, which are streamed.",
  },
  precondition: {
    meaning: "What the request builds on no longer holds, such as a page's cursor after new data was published.",
    advice: "Start again from the first page, or from the state that there is now.",
  },
  upstream: {
    meaning: "Something that the platform needs does not answer, such as its database or a provider.",
    advice: "Try again in a moment; the request may be sent again as it is.",
  },
  internal: {
    meaning: "A defect of the program. It was logged whole.",
    advice: "Try again. If it happens again, report it with the requestId of the answer.",
  },
};

export function errorsPage(): string {
  const sections = Object.entries(errorHelp).map(
    ([code, { meaning, advice }]) =>
      `<section id="${code}"><h2><code>${code}</code> <span>HTTP ${errorStatus[code as ErrorCode].http}</span></h2><p>${meaning}</p><p><strong>What to do:</strong> ${advice.replaceAll(/`([^`]+)`/g, "<code>$1</code>")}</p></section>`,
  );
  return page(
    "Errors of the API",
    `<main><h1>Errors of the API</h1><p>Every error is <code>application/problem+json</code> (RFC 9457): <code>code</code> is stable and leads here, <code>detail</code> says in a sentence what is wrong, <code>requestId</code> is what to quote. <a href="/docs/api">Try the API</a>.</p>${sections.join("")}</main>`,
  );
}

export function apiPage(): string {
  return page(
    "API",
    `<header><a href="/docs/errors">What errors mean</a> <a href="/api/openapi.json">OpenAPI 3.1 document</a></header><div id="api"></div><noscript><main><p>This page needs JavaScript. The <a href="/api/openapi.json">document</a> has everything.</p></main></noscript>`,
    `<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><script src="/docs/assets/swagger-ui-bundle.js" defer></script><script src="/docs/assets/try-api.js" defer></script>`,
  );
}

function page(title: string, body: string, head = ""): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}<link rel="stylesheet" href="/docs/assets/docs.css"></head><body>${body}</body></html>`;
}

export const docsStyle = `:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1f24; font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 0 0 .25rem; }
h2 span { color: #59636e; font-weight: 400; font-size: .875rem; }
section { border-top: 1px solid #d8dee4; padding: 1.25rem .75rem; scroll-margin-top: 1rem; }
section:target { background: #fff8d6; }
section p { margin: .25rem 0; }
code { font: .9em ui-monospace, monospace; }
a { color: #0a58ca; }
header { display: flex; gap: 1.5rem; padding: .75rem 1.25rem; border-bottom: 1px solid #d8dee4; }
.swagger-ui .info { margin: 1.5rem 0; }
`;

/** Starts the page to try the API. The header is what a signed-in session needs for anything but a GET. */
export const tryApiScript = `window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    docExpansion: "none",
    validatorUrl: null,
    persistAuthorization: false,
    requestInterceptor: (request) => {
      request.headers["X-Finops-Request"] = "docs";
      return request;
    },
  });
});
`;

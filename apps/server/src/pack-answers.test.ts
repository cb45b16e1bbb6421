import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { packAnswers } from "./pack-answers.ts";

const long = JSON.stringify(
  Array.from({ length: 500 }, (_, index) => ({ service: "Amazon EC2", cost: `${index}.00` })),
);
const answers: Record<string, string> = {
  "/api/v1/cost/query": long,
  "/api/v1/cost/catalog": "{}",
  "/api/v1/keys": long,
};
const fetch = packAnswers((request) => {
  const body = answers[new URL(request.url).pathname]!;
  return new Response(body, {
    headers: { "content-type": "application/json", etag: '"of-these-bytes"', vary: "Cookie" },
  });
});

const ask = async (path: string, encodings: string) =>
  fetch(new Request(`http://localhost${path}`, { headers: { "accept-encoding": encodings } }));

it("packs a long answer about costs for who takes it", async () => {
  const answer = await ask("/api/v1/cost/query", "br, gzip");
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-encoding": "gzip",
    etag: 'W/"of-these-bytes"',
    vary: "Cookie, Accept-Encoding",
  });
  expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe(long);
});

it("sends it as it is to who does not, and says that it differs", async () => {
  const answer = await ask("/api/v1/cost/query", "identity");
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(answer.headers.get("vary")).toBe("Cookie, Accept-Encoding");
  expect(await answer.text()).toBe(long);
});

it("leaves short answers as they are, and those that may hold a secret", async () => {
  expect((await ask("/api/v1/cost/catalog", "gzip")).headers.get("content-encoding")).toBeNull();
  expect((await ask("/api/v1/keys", "gzip")).headers.get("content-encoding")).toBeNull();
});

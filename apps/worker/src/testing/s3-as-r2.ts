import type { R2Bucket } from "@cloudflare/workers-types";

/**
 * A bucket of the S3 emulator as a Worker is bound to one of R2, as far as `openR2Bucket` uses it. R2 is one store with two ways in;
 * miniflare's simulator has the binding alone, and a Node process beside it would look into another store.
 */
export function openS3AsR2(bucketUrl: string): R2Bucket {
  const urlOf = (key: string, query = "") => `${bucketUrl}/${key.split("/").map(encodeURIComponent).join("/")}${query}`;
  const bucket = {
    async head(key: string) {
      const answer = await ask(urlOf(key), { method: "HEAD" });
      return answer.status === 404 ? null : objectOf(key, required(answer));
    },
    async get(key: string, options: { range?: Range; onlyIf?: { etagMatches: string } } = {}) {
      const { range, onlyIf } = options;
      const headers = {
        ...(onlyIf === undefined ? {} : { "if-match": quoted(onlyIf.etagMatches) }),
        ...(range === undefined ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
      };
      const answer = await ask(urlOf(key), { headers });
      if (answer.status === 404) return null;
      if (answer.status === 412) return { key };
      const found = objectOf(key, required(answer));
      return { ...found, body: answer.body, arrayBuffer: () => answer.arrayBuffer() };
    },
    async put(key: string, body: Uint8Array, { onlyIf }: { onlyIf?: Condition } = {}) {
      const headers: Record<string, string> =
        onlyIf === undefined
          ? {}
          : "etagMatches" in onlyIf
            ? { "if-match": quoted(onlyIf.etagMatches) }
            : { "if-none-match": "*" };
      const answer = await ask(urlOf(key), { method: "PUT", headers, body: body as Uint8Array<ArrayBuffer> });
      return answer.status === 412 ? null : { etag: etagOf(required(answer)) };
    },
    async list({ prefix, delimiter, cursor }: { prefix: string; delimiter?: string; cursor?: string }) {
      const query = new URLSearchParams({ "list-type": "2", "encoding-type": "url", prefix });
      if (delimiter !== undefined) query.set("delimiter", delimiter);
      if (cursor !== undefined) query.set("continuation-token", cursor);
      const page = await required(await ask(`${bucketUrl}?${query.toString()}`)).text();
      const [next] = textsOf(page, "NextContinuationToken");
      return {
        objects: textsOf(page, "Contents").map((one) => ({
          key: decodeURIComponent(textsOf(one, "Key")[0]!),
          size: Number(textsOf(one, "Size")[0]),
        })),
        delimitedPrefixes: textsOf(page, "CommonPrefixes").map((one) => decodeURIComponent(textsOf(one, "Prefix")[0]!)),
        truncated: next !== undefined,
        cursor: next,
      };
    },
    async delete(keys: readonly string[]) {
      for (const key of keys) required(await ask(urlOf(key), { method: "DELETE" }));
    },
    async createMultipartUpload(key: string) {
      const begun = await required(await ask(urlOf(key, "?uploads"), { method: "POST" })).text();
      return bucket.resumeMultipartUpload(key, textsOf(begun, "UploadId")[0]!);
    },
    resumeMultipartUpload(key: string, uploadId: string) {
      const part = (more = "") => urlOf(key, `?${more}uploadId=${encodeURIComponent(uploadId)}`);
      return {
        uploadId,
        async uploadPart(partNumber: number, body: Uint8Array) {
          const sent = { method: "PUT", body: body as Uint8Array<ArrayBuffer> };
          return { partNumber, etag: etagOf(required(await ask(part(`partNumber=${partNumber}&`), sent))) };
        },
        async complete(parts: readonly { partNumber: number; etag: string }[]) {
          const list = parts.map(
            ({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>${quoted(etag)}</ETag></Part>`,
          );
          const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
          required(await ask(part(), { method: "POST", body }));
        },
        async abort() {
          const answer = await ask(part(), { method: "DELETE" });
          if (answer.status !== 404) required(answer);
        },
      };
    },
  };
  return bucket as unknown as R2Bucket;
}

interface Range {
  offset: number;
  length: number;
}

type Condition = { etagMatches: string } | { etagDoesNotMatch: string };

/** The emulator reads who signed and not the signature; what nobody signed it refuses. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | string;
}

function ask(url: string, { headers = {}, ...asked }: Asked = {}): Promise<Response> {
  return fetch(url, { ...asked, headers: { authorization, ...headers } });
}

function required(answer: Response): Response {
  if (!answer.ok) throw new Error(`the S3 emulator answers ${answer.status}`);
  return answer;
}

function objectOf(key: string, { headers }: Response) {
  const size = Number(headers.get("content-length"));
  return {
    key,
    size,
    etag: (headers.get("etag") ?? "").replaceAll('"', ""),
    uploaded: new Date(headers.get("last-modified") ?? 0),
    // Of a part, `size` is that of the part here, which is all that is asked of it.
    range: { length: size },
  };
}

function etagOf({ headers }: Response): string {
  return headers.get("etag")!.replaceAll('"', "");
}

function quoted(etag: string): string {
  return `"${etag}"`;
}

/** What stands in elements of that name. */
function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, text]) => text!);
}

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { AppError } from "@finops/kernel/app-error";
import type { Bucket, Part } from "./bucket.ts";
import { busyFile } from "./piece-guard.ts";
import { createPatience } from "./s3-patience.ts";
import { isS3Error, statusOf, toStoreError } from "./s3-errors.ts";

export interface S3Settings {
  bucket: string;
  region: string;
  /** Without it, that of AWS in the region. */
  endpoint?: string;
  /** The bucket as the first part of the path, as MinIO wants it, and not of the host name. */
  isPathStyle?: boolean;
  /** Without them, what the SDK finds: variables, a profile, the machine's or the pod's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Named in every write; without it the bucket's own setting holds. */
  encryption?: { by: "AES256" } | { by: "aws:kms"; keyId?: string };
  /** How long the store may be silent. Left out, 10 s. */
  silentMaxMs?: number;
}

/** What S3 copies in one call, and how much of a larger object by one part. */
export interface CopyLimits {
  atOnceMax: number;
  partBytes: number;
}

const s3CopyLimits: CopyLimits = { atOnceMax: 5 * 1024 ** 3, partBytes: 1024 ** 3 };
const deletedAtOnce = 1000;
const defaultSilentMaxMs = 10_000;

export function openBucket(settings: S3Settings, copyLimits: CopyLimits = s3CopyLimits): Bucket {
  const client = new S3Client(clientConfig(settings));
  const place = `${settings.endpoint ?? settings.region}/${settings.bucket}`;
  const Bucket = settings.bucket;
  const encryption = encryptionOf(settings);
  const patience = createPatience(settings.silentMaxMs ?? defaultSilentMaxMs);
  const told = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw toStoreError(error, place);
    }
  };
  /** Null where the answer is that the object is not there. */
  const found = <T>(answer: Promise<T>): Promise<T | null> =>
    told(
      answer.catch((error: unknown) => {
        if (isS3Error(error, "NoSuchKey", "NotFound")) return null;
        throw error;
      }),
    );
  async function* steady(body: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* patience.read(body);
    } catch (error) {
      throw toStoreError(error, place);
    }
  }
  const copySource = (key: string) => `${Bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;

  async function head(key: string): Promise<{ bytes: number; changedAt: Date } | null> {
    const answer = await found(patience.ask((on) => client.send(new HeadObjectCommand({ Bucket, Key: key }), on)));
    return answer === null ? null : { bytes: answer.ContentLength ?? 0, changedAt: answer.LastModified! };
  }

  async function startUpload(key: string): Promise<string> {
    const { UploadId } = await told(
      patience.ask((on) => client.send(new CreateMultipartUploadCommand({ Bucket, Key: key, ...encryption }), on)),
    );
    return UploadId!;
  }

  async function completeUpload(key: string, uploadId: string, parts: readonly Part[]): Promise<void> {
    const Parts = parts.map(({ etag }, index) => ({ ETag: etag, PartNumber: index + 1 }));
    const command = new CompleteMultipartUploadCommand({
      Bucket,
      Key: key,
      UploadId: uploadId,
      MultipartUpload: { Parts },
    });
    await told(patience.askForWork((on) => client.send(command, on)));
  }

  const abortUpload = (key: string, uploadId: string): Promise<unknown> => {
    const command = new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: uploadId });
    return told(
      patience
        .ask((on) => client.send(command, on))
        .catch((error: unknown) => {
          if (!isS3Error(error, "NoSuchUpload")) throw error;
        }),
    );
  };

  async function copyInParts(from: string, to: string, bytes: number): Promise<void> {
    const uploadId = await startUpload(to);
    try {
      const parts: Part[] = [];
      for (let start = 0; start < bytes; start += copyLimits.partBytes) {
        const end = Math.min(start + copyLimits.partBytes, bytes);
        const command = new UploadPartCopyCommand({
          Bucket,
          Key: to,
          UploadId: uploadId,
          PartNumber: parts.length + 1,
          CopySource: copySource(from),
          CopySourceRange: `bytes=${start}-${end - 1}`,
        });
        const { CopyPartResult } = await told(patience.askForWork((on) => client.send(command, on)));
        parts.push({ etag: CopyPartResult!.ETag!, bytes: end - start });
      }
      await completeUpload(to, uploadId, parts);
    } catch (error) {
      await abortUpload(to, uploadId).catch(() => undefined);
      throw error;
    }
  }

  return {
    head,
    startUpload,
    completeUpload,
    abortUpload,
    async put(key, body) {
      const command = new PutObjectCommand({ Bucket, Key: key, Body: body, ContentMD5: md5(body), ...encryption });
      await told(patience.ask((on) => client.send(command, on), body.byteLength));
    },
    async replace(key, body, before) {
      const condition = before === null ? { IfNoneMatch: "*" } : { IfMatch: before };
      const written = { Bucket, Key: key, Body: body, ContentMD5: md5(body), ...condition, ...encryption };
      const answer = patience.ask((on) => client.send(new PutObjectCommand(written), on), body.byteLength);
      const { ETag } = await told(
        answer.catch((error: unknown) => {
          throw statusOf(error) === 412 || statusOf(error) === 409 ? busyFile() : error;
        }),
      );
      return ETag!;
    },
    async open(key, range, etag) {
      const command = new GetObjectCommand({
        Bucket,
        Key: key,
        ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      });
      const answer = await found(
        patience
          .ask((on) => client.send(command, on))
          .catch((error: unknown) => {
            if (isS3Error(error, "InvalidRange")) return "behind the end" as const;
            throw error;
          }),
      );
      if (answer === "behind the end") return { body: Readable.from([]), bytes: 0, etag: "" };
      return answer === null
        ? null
        : { body: steady(answer.Body as Readable), bytes: answer.ContentLength ?? 0, etag: answer.ETag! };
    },
    async uploadPart(key, uploadId, number, body) {
      const command = new UploadPartCommand({
        Bucket,
        Key: key,
        UploadId: uploadId,
        PartNumber: number,
        Body: body,
        ContentMD5: md5(body),
      });
      const { ETag } = await told(patience.ask((on) => client.send(command, on), body.byteLength));
      return { etag: ETag!, bytes: body.byteLength };
    },
    async *list(prefix, isOneStep = false) {
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({
          Bucket,
          Prefix: prefix,
          ...(isOneStep ? { Delimiter: "/" } : {}),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        });
        const page = await told(patience.ask((on) => client.send(command, on)));
        yield {
          files: (page.Contents ?? []).map((object) => ({ key: object.Key!, bytes: object.Size ?? 0 })),
          folders: (page.CommonPrefixes ?? []).map((folder) => folder.Prefix!),
        };
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async copy(from, to, bytes) {
      if (bytes > copyLimits.atOnceMax) await copyInParts(from, to, bytes);
      else {
        const command = new CopyObjectCommand({ Bucket, Key: to, CopySource: copySource(from), ...encryption });
        await told(patience.askForWork((on) => client.send(command, on)));
      }
    },
    async delete(keys) {
      for (let first = 0; first < keys.length; first += deletedAtOnce) {
        const Objects = keys.slice(first, first + deletedAtOnce).map((Key) => ({ Key }));
        const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
        const { Errors = [] } = await told(patience.ask((on) => client.send(command, on)));
        const [failed] = Errors;
        if (failed !== undefined)
          throw new AppError("upstream", "The file store could not delete everything. Try again in a minute.", {
            internal: `${place}: ${failed.Code}: ${failed.Key}`,
          });
      }
    },
  };
}

function clientConfig({ region, endpoint, isPathStyle, credentials }: S3Settings): S3ClientConfig {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: isPathStyle === true,
    // Content-MD5 is what S3, R2 and MinIO all check; the SDK's own checksums are not known everywhere.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 4,
    // How long a request may take is up to `createPatience`, as a socket is also still while we are slow to read.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 0 },
  };
}

function encryptionOf({ encryption }: S3Settings) {
  if (encryption === undefined) return {};
  return {
    ServerSideEncryption: encryption.by,
    ...(encryption.by === "aws:kms" && encryption.keyId !== undefined ? { SSEKMSKeyId: encryption.keyId } : {}),
  };
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

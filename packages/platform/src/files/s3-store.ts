import { createBucketStore } from "./bucket-store.ts";
import type { FileStore } from "./file-store.ts";
import { type CopyLimits, openBucket, type S3Settings } from "./s3-bucket.ts";

/** A file store in a bucket of S3, R2, MinIO or another store that speaks S3. */
export function createS3Store(settings: S3Settings, copyLimits?: CopyLimits): FileStore {
  return createBucketStore(openBucket(settings, copyLimits));
}

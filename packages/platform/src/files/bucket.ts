export interface Part {
  etag: string;
  bytes: number;
}

/** An object as it is read: the bytes of the range asked for, and which content it is. */
export interface OpenedObject {
  body: AsyncIterable<Uint8Array>;
  bytes: number;
  etag: string;
}

/** The calls of one bucket; every error is an `AppError` that says what to do, and its cause has the name that S3 gives it. */
export interface Bucket {
  /** Null when it is not there. */
  head(key: string): Promise<{ bytes: number; changedAt: Date } | null>;
  put(key: string, body: Uint8Array): Promise<void>;
  /** Writes an object where the one of that etag is, or none at all, and returns the new etag. @throws conflict */
  replace(key: string, body: Uint8Array, before: string | null): Promise<string>;
  /** Null when it is not there. A range that begins behind the end has no bytes. */
  open(key: string, range?: { start: number; end: number }, etag?: string): Promise<OpenedObject | null>;
  startUpload(key: string): Promise<string>;
  uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<Part>;
  completeUpload(key: string, uploadId: string, parts: readonly Part[]): Promise<void>;
  /** One that is gone is fine. */
  abortUpload(key: string, uploadId: string): Promise<unknown>;
  /** What is below a prefix, page by page; with `isOneStep` the folders there stand for what is in them. */
  list(
    prefix: string,
    isOneStep?: boolean,
  ): AsyncGenerator<{ files: { key: string; bytes: number }[]; folders: string[] }>;
  copy(from: string, to: string, bytes: number): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

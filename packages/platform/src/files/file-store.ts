/** A stored file. `name` is a path with `/`, relative to the store: `tenants/<id>/landing/…`. */
export interface StoredFile {
  name: string;
  bytes: number;
}

export interface WrittenFile extends StoredFile {
  sha256: string;
}

/**
 * Files by name: a folder, an S3 bucket or R2. A file is there whole or not at all. Names with `..`, an empty part, NUL or
 * a leading `/` are refused as `invalid`; a missing file is `not_found`.
 */
export interface FileStore {
  /** Writes or replaces a file from bytes, and returns its size and sha-256 once it is durable. */
  put(name: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<WrittenFile>;
  /** Reads a file, or the half-open byte range [start, end) of it. */
  get(name: string, range?: { start: number; end: number }): Promise<AsyncIterable<Uint8Array>>;
  find(name: string): Promise<StoredFile | null>;
  /** All files below a prefix that ends at a `/` or at a whole name, sorted by name. */
  list(prefix: string): Promise<StoredFile[]>;
  /** Renames a file into place, replacing what is there. */
  move(from: string, to: string): Promise<void>;
  /** Deletes a file; one that is not there is fine. */
  delete(name: string): Promise<void>;
  /** Deletes all files below a prefix. */
  deleteAll(prefix: string): Promise<void>;
  /** Where DuckDB and other local readers find the file; null when the store is not on this machine. */
  localPath(name: string): string | null;
}

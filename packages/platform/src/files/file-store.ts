/** A stored file. `name` is a path with `/`, relative to the store: `tenants/<id>/landing/…`. */
export interface StoredFile {
  name: string;
  bytes: number;
}

export interface WrittenFile extends StoredFile {
  sha256: string;
}

/** A file of which a part is there, and no reader sees it yet. */
export interface UnfinishedFile extends StoredFile {
  /** When something was added to it last. */
  changedAt: Date;
}

/**
 * Files by name: a folder, an S3 bucket or R2. A file is there whole or not at all. Names with `..`, an empty part, NUL or
 * a leading `/` are refused as `invalid`; a missing file is `not_found`.
 */
export interface FileStore {
  /** Writes or replaces a file from bytes, and returns its size and sha-256 once it is durable. */
  put(name: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<WrittenFile>;
  /**
   * Adds to an unfinished file where it ends now, which the caller must know, and returns how much is there. Only what was
   * written whole counts: in a folder that is every byte that came before a break, in S3 whole parts of a multipart upload,
   * so pieces should have 8 MiB and more. `sha256` is that of the piece; a piece that is another is taken back.
   * @throws conflict when the file ends elsewhere (`facts.offset`) or another writer is at it, `invalid` for a wrong piece
   */
  append(
    name: string,
    piece: { offset: number; sha256?: string | undefined },
    content: AsyncIterable<Uint8Array>,
  ): Promise<UnfinishedFile>;
  /** Makes a file of an unfinished one, replacing what has its name. @throws not_found */
  finish(name: string): Promise<WrittenFile>;
  findUnfinished(name: string): Promise<UnfinishedFile | null>;
  /** All unfinished files below a prefix, sorted by name. */
  listUnfinished(prefix: string): Promise<UnfinishedFile[]>;
  /** Reads a file, or the half-open byte range [start, end) of it. */
  get(name: string, range?: { start: number; end: number }): Promise<AsyncIterable<Uint8Array>>;
  find(name: string): Promise<StoredFile | null>;
  /** All files below a prefix that ends at a `/` or at a whole name, sorted by name. */
  list(prefix: string): Promise<StoredFile[]>;
  /** What stands one step below a folder, files and folders, by its own name and sorted; folders may be empty. */
  listNames(folder: string): Promise<string[]>;
  /** Renames a file into place, replacing what is there. */
  move(from: string, to: string): Promise<void>;
  /** Deletes a file, unfinished or not; one that is not there is fine. */
  delete(name: string): Promise<void>;
  /** Deletes all files below a prefix, the unfinished too. */
  deleteAll(prefix: string): Promise<void>;
  /** Where DuckDB and other local readers find the file; null when the store is not on this machine. */
  localPath(name: string): string | null;
}

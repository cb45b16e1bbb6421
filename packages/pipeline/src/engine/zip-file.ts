import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import { AppError } from "@finops/kernel/app-error";

/** What a zip's fields of 32 bits can tell; sheet programs read no wider ones. */
const fieldMax = 0xffff_ffff;

interface Entry {
  name: Buffer;
  at: number;
  crc: number;
  bytes: number;
  packed: number;
}

/** A zip whose files are written one after the other, no faster than the disk takes them: memory stays small. */
export class ZipFile {
  readonly #handle: FileHandle;
  readonly #entries: Entry[] = [];
  #at = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<ZipFile> {
    return new ZipFile(await open(path, "w"));
  }

  /** Writes a file of texts. Throws `limit` beyond 4 GiB. */
  async addFile(name: string, texts: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const entry: Entry = { name: Buffer.from(name), at: this.#at, crc: 0, bytes: 0, packed: 0 };
    const headBytes = 30 + entry.name.length;
    this.#at += headBytes;
    const deflate = createDeflateRaw({ level: 4 });
    const written = this.#drain(deflate);
    // Waited for below; whoever fails first, nothing is left unheard.
    written.catch(() => undefined);
    try {
      for await (const text of texts) {
        const bytes = Buffer.from(text);
        entry.crc = crc32(bytes, entry.crc);
        entry.bytes += bytes.length;
        if (!deflate.write(bytes)) await Promise.race([once(deflate, "drain"), written]);
      }
      deflate.end();
      await written;
    } finally {
      deflate.destroy();
    }
    entry.packed = this.#at - entry.at - headBytes;
    if (entry.bytes > fieldMax || this.#at > fieldMax)
      throw new AppError("limit", "A workbook of that size cannot be read by any program. Choose CSV or Parquet.");
    await this.#write(Buffer.concat([localHead(entry), entry.name]), entry.at);
    this.#entries.push(entry);
  }

  async end(): Promise<void> {
    const directory = Buffer.concat(this.#entries.flatMap((entry) => [centralHead(entry), entry.name]));
    const tail = Buffer.alloc(22);
    tail.writeUInt32LE(0x06054b50, 0);
    tail.writeUInt16LE(this.#entries.length, 8);
    tail.writeUInt16LE(this.#entries.length, 10);
    tail.writeUInt32LE(directory.length, 12);
    tail.writeUInt32LE(this.#at, 16);
    await this.#write(Buffer.concat([directory, tail]), this.#at);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #drain(packed: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of packed) {
      await this.#write(chunk, this.#at);
      this.#at += chunk.length;
    }
  }

  async #write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.#handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7 and 4.3.12. Names are UTF-8; the day is 1980-01-01.
function localHead(entry: Entry): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  writeFields(head, 4, entry);
  return head;
}

function centralHead(entry: Entry): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(20, 4);
  writeFields(head, 6, entry);
  head.writeUInt32LE(entry.at, 42);
  return head;
}

function writeFields(head: Buffer, at: number, { crc, packed, bytes, name }: Entry): void {
  head.writeUInt16LE(20, at);
  head.writeUInt16LE(0x0800, at + 2);
  head.writeUInt16LE(8, at + 4);
  head.writeUInt16LE(0x21, at + 8);
  head.writeUInt32LE(crc, at + 10);
  head.writeUInt32LE(packed, at + 14);
  head.writeUInt32LE(bytes, at + 18);
  head.writeUInt16LE(name.length, at + 22);
}

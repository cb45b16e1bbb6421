const mib = 1024 ** 2;

/**
 * The size of a part by its number. S3 takes 10,000 parts of 5 MiB and more, the last may be smaller: so the parts grow with
 * the file, which may have 773 GiB, and small files need little memory.
 */
export function partBytes(number: number): number {
  if (number <= 1000) return 8 * mib;
  return number <= 5000 ? 32 * mib : 128 * mib;
}

export interface PartCutter {
  /** The whole parts that are there now. */
  add(chunk: Uint8Array): Generator<Uint8Array>;
  /** What is left of the last part. */
  rest(): Uint8Array;
}

/** Cuts a stream into parts, from a part's number on, where `rest` stands in front. */
export function cutParts(number: number, rest: Uint8Array = new Uint8Array()): PartCutter {
  let waiting: Uint8Array[] = [rest];
  let bytes = rest.byteLength;
  let next = number;
  return {
    *add(chunk) {
      waiting.push(chunk);
      bytes += chunk.byteLength;
      for (let size = partBytes(next); bytes >= size; size = partBytes(next)) {
        const whole = Buffer.concat(waiting, bytes);
        waiting = [whole.subarray(size)];
        bytes -= size;
        next += 1;
        yield whole.subarray(0, size);
      }
    },
    rest: () => Buffer.concat(waiting, bytes),
  };
}

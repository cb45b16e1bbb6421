import type { PoolClient } from "pg";

/** What pg writes to; in workerd it has no `cork`, with which Node holds back what is to go out together. */
interface Stream {
  write(data: Uint8Array): boolean;
  cork?: () => void;
  uncork?: () => void;
}

/**
 * Sends the five messages of a statement in one piece where pg cannot: in pieces, the second waits until the network has
 * acknowledged the first, which takes 40 ms (Nagle's algorithm meets delayed acknowledgements).
 */
export function gatherWrites(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Stream } }).connection;
  if (stream.cork !== undefined) return;
  const write = stream.write.bind(stream);
  let held: Uint8Array[] | null = null;
  stream.cork = () => {
    held = [];
    stream.write = (data) => held!.push(data) > 0;
  };
  stream.uncork = () => {
    stream.write = write;
    const all = held ?? [];
    held = null;
    if (all.length > 0) write(Buffer.concat(all));
  };
}

import { accessSync, constants } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../../../node_modules/.cache", import.meta.url));

/** A server that this machine has under one of the names, or that scripts/unpack-debian.sh left. @throws with what to do */
export function findProgram(names: readonly string[]): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = names.flatMap((name) => [...folders, join(cache, name)].map((folder) => join(folder, name)));
  const found = places.find(isProgram);
  if (found === undefined)
    throw new Error(
      `There is no ${names[0]} for this test. Run scripts/unpack-debian.sh ${names[0]} ${names[0]} once.`,
    );
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

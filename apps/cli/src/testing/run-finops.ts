import { runFinops } from "../program.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, as a shell does, and keeps what it writes. One at a time. */
export async function finops(...args: string[]): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const undo = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const write = stream.write;
    stream.write = (chunk: string | Uint8Array) => {
      written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    };
    return () => void (stream.write = write);
  });
  try {
    return { code: await runFinops(args), ...written };
  } finally {
    for (const step of undo) step();
  }
}

/** The one line of JSON that a command printed. */
export function jsonOf<T = Record<string, unknown>>({ stdout }: Ran): T {
  const lines = stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`This is not one line: ${stdout}`);
  return JSON.parse(lines[0]!) as T;
}

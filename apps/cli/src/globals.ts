import type { Command } from "commander";

/** Options that every command has. */
export interface Globals {
  data: string;
  url?: string;
  key?: string;
}

export function globalsOf(command: Command): Globals {
  return command.optsWithGlobals<Globals>();
}

import { runFinops } from "./program.ts";

process.exitCode = await runFinops(process.argv.slice(2));

import { chartPng } from "../pictures/on-node.ts";
import { documentPdf } from "./pdf.ts";
import type { Printer } from "./printer.ts";

/** For hosts on Node: its fonts lie on disk, and what draws is native code. */
export const printer: Printer = { png: chartPng, pdf: documentPdf };

export { sendSchedulesJob } from "./jobs.ts";

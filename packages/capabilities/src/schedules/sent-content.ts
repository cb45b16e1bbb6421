import { toJsonColumn } from "@finops/platform/db/json-column";
import * as z from "zod";
import type { ReportMessage } from "../alerts/index.ts";

/** A message as it lies in the database until it is sent: its files as base64. */
const SentContent = z.object({
  title: z.string(),
  company: z.string(),
  at: z.string(),
  url: z.string(),
  lines: z.array(z.string()),
  text: z.string(),
  html: z.string(),
  attachments: z.array(
    z.object({ fileName: z.string(), contentType: z.string(), content: z.string(), contentId: z.string().optional() }),
  ),
});

export function keepContent({ attachments, ...message }: ReportMessage) {
  const files = attachments.map((file) => ({ ...file, content: Buffer.from(file.content).toString("base64") }));
  return toJsonColumn({ ...message, attachments: files });
}

export function readContent(kept: unknown): ReportMessage {
  const { attachments, ...message } = SentContent.parse(kept);
  return {
    ...message,
    attachments: attachments.map(({ contentId, content, ...file }) => ({
      ...file,
      content: Buffer.from(content, "base64"),
      ...(contentId === undefined ? {} : { contentId }),
    })),
  };
}

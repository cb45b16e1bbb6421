import type { MailAttachment } from "@finops/platform/mail/mail";

/** A report as a channel is given it to tell: whole for a mail, a few lines and a link for a chat. */
export interface ReportMessage {
  /** One line. */
  title: string;
  company: string;
  at: string;
  /** Where it is told whole. */
  url: string;
  /** The figures, one in each. */
  lines: readonly string[];
  text: string;
  html: string;
  attachments: readonly MailAttachment[];
}

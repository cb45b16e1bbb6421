/** A file that goes along; one with a `contentId` is shown where the page says `cid:` and it. */
export interface MailAttachment {
  fileName: string;
  contentType: string;
  content: Uint8Array;
  contentId?: string;
}

export interface MailMessage {
  to: string;
  subject: string;
  text: string;
  /** The same as a page, for programs that show one. */
  html?: string;
  attachments?: readonly MailAttachment[];
  /** The same each time that it is sent: what comes twice is one for those who look. */
  id?: string;
}

/** Sends mail to people. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}

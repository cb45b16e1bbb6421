export interface MailMessage {
  to: string;
  subject: string;
  text: string;
  /** The same as a page, for programs that show one. */
  html?: string;
  /** The same each time that it is sent: what comes twice is one for those who look. */
  id?: string;
}

/** Sends mail to people. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}

export interface MailMessage {
  to: string;
  subject: string;
  text: string;
}

/** Sends mail to people. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}

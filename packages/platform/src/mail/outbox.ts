import type { Clock } from "@finops/kernel/clock";
import type { Mail, MailMessage } from "./mail.ts";

export interface SentMail extends MailMessage {
  at: string;
}

/** Mail of a host without a mail server: printed, and kept for a page that shows it. */
export interface Outbox extends Mail {
  /** Newest first. */
  list(): readonly SentMail[];
}

const keptMax = 200;
/** So many keep what hangs on them: files are large. */
const wholeMax = 20;

export function createOutbox(options: { clock: Clock; print: (text: string) => void }): Outbox {
  const kept: SentMail[] = [];
  return {
    send: async (message) => {
      kept.unshift({ ...message, at: options.clock.now().toISOString() });
      kept.length = Math.min(kept.length, keptMax);
      const { attachments, ...old } = kept[wholeMax] ?? {};
      if (attachments !== undefined) kept[wholeMax] = old as SentMail;
      options.print(`Mail to ${message.to}: ${message.subject}\n${message.text}\n${fileLines(message)}`);
    },
    list: () => kept,
  };
}

function fileLines({ attachments = [] }: MailMessage): string {
  return attachments.map(({ fileName, content }) => `With ${fileName}, ${content.byteLength} bytes\n`).join("");
}

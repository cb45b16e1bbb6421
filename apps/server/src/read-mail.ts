import { AppError } from "@finops/kernel/app-error";
import type { Clock } from "@finops/kernel/clock";
import type { Mail } from "@finops/platform/mail/mail";
import { createOutbox } from "@finops/platform/mail/outbox";

const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * How mail leaves: by the server of `FINOPS_SMTP_URL` (`smtps://user:password@mail.example.com`, or `smtp:` with STARTTLS), from
 * the address of `FINOPS_MAIL_FROM`. Without it, mail is printed on the standard error, links and all, for who looks after the
 * machine. @throws precondition for what is no such address
 */
export function readMail(env: NodeJS.ProcessEnv, clock: Clock): Mail {
  const [text, from] = [env["FINOPS_SMTP_URL"] ?? "", env["FINOPS_MAIL_FROM"] ?? ""];
  if (text === "") return createOutbox({ clock, print: (mail) => process.stderr.write(mail) });
  const url = URL.canParse(text) ? new URL(text) : null;
  // The address is not repeated: it may hold a password.
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "")
    throw new AppError(
      "precondition",
      "FINOPS_SMTP_URL takes an address such as smtps://user:password@mail.example.com.",
    );
  if (!/^[^\s@]+@[^\s@]+$/.test(from))
    throw new AppError("precondition", "FINOPS_MAIL_FROM takes the address that mail comes from: costs@example.com.");
  return createSmtpMail(url, from);
}

function createSmtpMail(url: URL, from: string): Mail {
  const isEncrypted = url.protocol === "smtps:";
  // Only who has a mail server loads the library.
  const transport = import("nodemailer").then(({ createTransport }) =>
    createTransport({
      host: url.hostname.replaceAll(/^\[|\]$/g, ""),
      port: url.port === "" ? (isEncrypted ? 465 : 587) : Number(url.port),
      secure: isEncrypted,
      // Passwords and links go over no open way but to this machine.
      requireTLS: !isEncrypted && !loopback.has(url.hostname),
      ...(url.username === ""
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
    }),
  );
  return {
    async send({ to, subject, text, html, attachments = [], id }) {
      try {
        // As an address and not as text, in which a comma would make two.
        await (
          await transport
        ).sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          ...(html === undefined ? {} : { html }),
          attachments: attachments.map(({ fileName: filename, contentType, content, contentId: cid }) => ({
            filename,
            contentType,
            content: Buffer.from(content),
            ...(cid === undefined ? {} : { cid }),
          })),
          ...(id === undefined ? {} : { messageId: `<${id}@${from.slice(from.indexOf("@") + 1)}>` }),
        });
      } catch (cause) {
        throw new AppError(
          "upstream",
          "The mail could not be sent: the mail server does not take it. Send it again later, or ask the operator of the platform.",
          { cause, internal: String(cause) },
        );
      }
    },
  };
}

import { AppError } from "@finops/kernel/app-error";
import type { Mail, MailAttachment } from "@finops/platform/mail/mail";

interface MailApi {
  url: string;
  key: string;
  from: string;
}

const timeoutMs = 10_000;

/**
 * Mail by a service's HTTP API: `POST {from, to, subject, text, html, attachments}` as JSON with the key as a bearer token, which Resend and others
 * take as it is; what may come twice has an `idempotency-key`. @throws upstream when the service does not take it
 */
export function createHttpMail({ url, key, from }: MailApi): Mail {
  return {
    async send({ to, subject, text, html, attachments = [], id }) {
      const sent = await fetch(url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          ...(id === undefined ? {} : { "idempotency-key": id }),
        },
        body: JSON.stringify({
          from,
          to: [to],
          subject,
          text,
          html,
          ...(attachments.length === 0 ? {} : { attachments: attachments.map(attached) }),
        }),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => refused(String(cause)));
      if (!sent.ok) refused(`${sent.status} ${(await sent.text()).slice(0, 500)}`);
    },
  };
}

function attached({ fileName, contentType, content, contentId }: MailAttachment) {
  return {
    filename: fileName,
    content_type: contentType,
    content: Buffer.from(content).toString("base64"),
    ...(contentId === undefined ? {} : { content_id: contentId }),
  };
}

function refused(internal: string): never {
  throw new AppError("upstream", "The mail could not be sent. Try again in a few minutes.", { internal });
}

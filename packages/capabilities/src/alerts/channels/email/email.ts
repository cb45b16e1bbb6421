import { headline, plainText } from "../../message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { drawAll } from "./draw-pictures.ts";
import { toHtml } from "./email-html.ts";

/** By the mail of the host, to each address by itself: who else is told is nobody's business. */
export const emailChannel: ChannelProvider<"email"> = {
  addressOf: ({ to }) => to.join(", "),
  async deliver({ to }, { id, message }, { mail, png }) {
    const pictures = png === undefined ? [] : drawAll(message, png);
    const content = { subject: headline(message), text: plainText(message), html: toHtml(message, pictures) };
    const attachments = pictures.map(({ contentId, content: bytes }, index) => ({
      fileName: `chart-${index + 1}.png`,
      contentType: "image/png",
      content: bytes,
      contentId,
    }));
    for (const [index, address] of to.entries())
      await mail.send({ to: address, ...content, attachments, id: `${id}.${index}` });
  },
  async deliverReport({ to }, { id, report: { title, text, html, attachments } }, { mail }) {
    const content = { subject: title, text, html, attachments };
    for (const [index, address] of to.entries()) await mail.send({ to: address, ...content, id: `${id}.${index}` });
  },
};

import { headline, plainText } from "../../message.ts";
import type { ChannelProvider } from "../channel-provider.ts";
import { toHtml } from "./email-html.ts";

/** By the mail of the host, to each address by itself: who else is told is nobody's business. */
export const emailChannel: ChannelProvider<"email"> = {
  addressOf: ({ to }) => to.join(", "),
  async deliver({ to }, { id, message }, { mail }) {
    const content = { subject: headline(message), text: plainText(message), html: toHtml(message) };
    for (const [index, address] of to.entries()) await mail.send({ to: address, ...content, id: `${id}.${index}` });
  },
};

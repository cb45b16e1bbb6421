import { escapeHtml } from "@finops/kernel/escape-html";
import type { MailPicture } from "./draw-pictures.ts";
import { type AlertMessage, headline, type Listed, listed } from "../../message.ts";

const colors = { info: "#1f5fa8", warning: "#8a5a00", critical: "#a3261f" } as const;

/** A mail that is readable on a phone and in a dark window, of elements that every mail program knows. No script. */
export function toHtml(message: AlertMessage, pictures: readonly MailPicture[] = []): string {
  const { groups, more } = listed(message);
  const color = message.what === "resolved" ? "#1d6b3a" : colors[message.severity];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(headline(message))}</title></head>
<body style="margin:0;padding:16px;font:15px/1.5 system-ui,sans-serif">
<div style="max-width:600px;margin:0 auto">
<h1 style="font-size:18px;line-height:1.4;border-left:4px solid ${color};padding-left:12px;margin:0 0 16px" dir="auto">${escapeHtml(headline(message))}</h1>
${groups.map((group) => groupHtml(group, pictures)).join("\n")}
${more > 0 ? `<p>And ${more} more.</p>` : ""}
<p style="font-size:12px;opacity:.75;margin:24px 0 0">${escapeHtml(message.company)}, severity ${message.severity}, ${escapeHtml(message.at)}. <a href="${escapeHtml(message.url)}">All alerts</a></p>
</div></body></html>
`;
}

function groupHtml({ name, alerts }: Listed["groups"][number], pictures: readonly MailPicture[]): string {
  const heading =
    name === null ? "" : `<h2 style="font-size:15px;margin:20px 0 8px" dir="auto">${escapeHtml(name)}</h2>\n`;
  return (
    heading +
    alerts
      .map(
        ({ id, message, url }) =>
          `<p style="margin:0 0 12px" dir="auto">${escapeHtml(message)}<br><a href="${escapeHtml(url)}">Open</a></p>${pictureHtml(pictures.find(({ alertId }) => alertId === id))}`,
      )
      .join("\n")
  );
}

function pictureHtml(picture: MailPicture | undefined): string {
  if (picture === undefined) return "";
  const { contentId, description } = picture;
  return `\n<p style="margin:0 0 16px"><img src="cid:${escapeHtml(contentId)}" alt="${escapeHtml(description)}" width="600" style="width:100%;max-width:600px;height:auto;border-radius:4px"></p>`;
}

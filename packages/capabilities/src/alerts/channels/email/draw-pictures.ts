import type { AlertMessage } from "../../message.ts";
import { chartOf } from "../../picture.ts";
import type { DrawPng } from "../channel-provider.ts";

/** A picture that goes along with a mail, and which alert it belongs to. */
export interface MailPicture {
  alertId: string;
  contentId: string;
  content: Uint8Array;
  description: string;
}

export function drawAll({ alerts }: AlertMessage, png: DrawPng): MailPicture[] {
  return alerts.flatMap(({ id, title, picture }) => {
    if (picture === undefined) return [];
    const chart = chartOf(title, picture);
    return [{ alertId: id, contentId: `alert-${id}`, content: png(chart), description: chart.description }];
  });
}

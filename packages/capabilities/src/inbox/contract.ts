import { noticeKinds } from "@finops/platform/notices/notice-kinds";
import * as z from "zod";

/** What a person is told: that they were mentioned or called, what waits for them, and what became of what they watch. */
export const Notice = z.object({
  id: z.string(),
  kind: z.enum(noticeKinds),
  about: z.object({ kind: z.enum(["budget", "alert", "request"]), id: z.string(), name: z.string() }),
  text: z.string(),
  byName: z.string(),
  at: z.string(),
  isRead: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

export const Inbox = z.object({
  /** The newest first. */
  notices: z.array(Notice),
  /** Of those that one may see, also where they are too old to be listed. */
  unread: z.number(),
});
export type Inbox = z.infer<typeof Inbox>;

/** Which of one's own notices one has seen; null is all of them. */
export const ReadNotices = z.strictObject({
  ids: z.union([z.array(z.string().max(60)).min(1).max(200), z.null()]).default(null),
});
export type ReadNotices = z.input<typeof ReadNotices>;

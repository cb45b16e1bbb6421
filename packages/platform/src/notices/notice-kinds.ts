/** What people are told, by what it is about: a budget, an alert, or a change that waits for somebody's approval. */
export const noticeKinds = ["mention", "state", "version", "called", "over", "approval"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

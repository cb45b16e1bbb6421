import * as z from "zod";

const WelcomeSearch = z.object({ make: z.literal("company").optional().catch(undefined) });
export type WelcomeSearch = z.infer<typeof WelcomeSearch>;

export const readWelcomeSearch = (search: unknown): WelcomeSearch => {
  const { make } = WelcomeSearch.parse(search);
  return make === undefined ? {} : { make };
};

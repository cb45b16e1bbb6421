import { expect, it } from "vitest";
import { mentionedIn } from "./mentions.ts";

const people = [{ name: "Ann" }, { name: "Ann Lee" }, { name: "bob@acme.example" }];
const namesIn = (text: string) => mentionedIn(text, people).map(({ name }) => name);

it("finds who is named with an @, the longer of two names that begin alike", () => {
  expect(namesIn("@Ann Lee, and @Ann: look")).toEqual(["Ann Lee", "Ann"]);
  expect(namesIn("@Ann @Ann")).toEqual(["Ann"]);
  expect(namesIn("ask @bob@acme.example.")).toEqual(["bob@acme.example"]);
});

it("mentions nobody by a part of a word, or without an @", () => {
  expect(namesIn("@Annabel, Ann, mail to bob@acme.example")).toEqual([]);
});

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Fontkit from "fontkit";
import { openTypeOf } from "./woff2.ts";

/**
 * What needs native code or looks for files beside itself is asked for by its name, so that a bundle leaves it where it was
 * installed.
 */
export const load = createRequire(import.meta.url);

export type Weight = "plain" | "bold";

/** A font of a file, read when it is first asked for and kept: it is the same for each document. */
export interface Face {
  name: string;
  file: () => Buffer;
  font: () => Fontkit.Font;
  /** Whether a document takes parts of it along. fontkit cannot take a WOFF2's transformed outlines apart, so they are drawn. */
  isEmbedded: boolean;
}

/** Latin, Greek, Cyrillic, Hebrew and Arabic letters, and the signs of currencies. */
export const dejavu: Readonly<Record<Weight, Face & { path: string }>> = {
  plain: ofDejavu("plain", "DejaVuSans.ttf"),
  bold: ofDejavu("bold", "DejaVuSans-Bold.ttf"),
};

/**
 * What DejaVu does not have, in the order in which it is looked for: Chinese and Japanese, Korean (one weight each, for the size
 * of what is installed), and signs and faces. A Japanese name has its kanji in the shapes of mainland China.
 */
export const otherFaces: readonly Face[] = [
  face("han", () => openTypeOf(read("@librescore/fonts/SourceHanSansCN.min.woff2"))),
  face("hangul", () => openTypeOf(read("@librescore/fonts/SourceHanSansKR.min.woff2"))),
  ...Array.from({ length: 10 }, (_, part) => ({
    ...face(`emoji-${part}`, () => read(`@fontsource-variable/noto-emoji/files/noto-emoji-${part}-wght-normal.woff2`)),
    isEmbedded: false,
  })),
];

function ofDejavu(name: Weight, fileName: string) {
  const path = load.resolve(`dejavu-fonts-ttf/ttf/${fileName}`);
  return { ...face(name, () => readFileSync(path)), path };
}

function face(name: string, open: () => Buffer): Face {
  const file = once(open);
  const font = once(() => (load("fontkit") as typeof Fontkit).create(file()) as Fontkit.Font);
  return { name, file, font, isEmbedded: true };
}

function read(path: string): Buffer {
  return readFileSync(load.resolve(path));
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

import { SaxesParser } from "saxes";

export interface XmlElement {
  /** The namespace's address; empty for none. */
  space: string;
  name: string;
  attributes: XmlAttribute[];
  children: XmlElement[];
  /** Its own text, without that of its children. */
  text: string;
  parent: XmlElement | null;
}

export interface XmlAttribute {
  space: string;
  name: string;
  value: string;
}

const depthMax = 40;
const elementsMax = 20_000;

/**
 * Reads XML of others, strictly: well-formed, with every namespace declared, and without a document type, so that nothing in it
 * stands for something else and nothing grows. Instructions to programs and CDATA are refused as well; comments unless they are
 * allowed, for texts around one are read in different ways by different programs. @throws Error
 */
export function parseXml(xml: string, { allowsComments }: { allowsComments: boolean }): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  let root: XmlElement | null = null;
  let at: XmlElement | null = null;
  let depth = 0;
  let count = 0;
  const refuse = (what: string) => () => {
    throw new Error(`the XML has ${what}`);
  };
  parser.on("error", (error) => {
    throw new Error(`the XML is not well-formed: ${error.message}`);
  });
  parser.on("xmldecl", ({ encoding, version }) => {
    if (!/^utf-8$/i.test(encoding ?? "utf-8") || version !== "1.0") throw new Error("the XML is not XML 1.0 in UTF-8");
  });
  parser.on("doctype", refuse("a document type"));
  parser.on("processinginstruction", refuse("an instruction for programs"));
  parser.on("cdata", refuse("a CDATA section"));
  if (!allowsComments) parser.on("comment", refuse("a comment"));
  parser.on("opentag", ({ uri, local, attributes }) => {
    if ((depth += 1) > depthMax || (count += 1) > elementsMax) throw new Error("the XML is too large or too deep");
    const element: XmlElement = {
      space: uri,
      name: local,
      attributes: Object.values(attributes).map((one) => ({ space: one.uri, name: one.local, value: one.value })),
      children: [],
      text: "",
      parent: at,
    };
    if (at === null) root = element;
    else at.children.push(element);
    at = element;
  });
  parser.on("text", (text) => {
    if (at !== null) at.text += text;
  });
  parser.on("closetag", () => {
    depth -= 1;
    at = at?.parent ?? null;
  });
  parser.write(xml).close();
  if (root === null) throw new Error("the XML is empty");
  return root;
}

export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((one) => one.space === "" && one.name === name)?.value;
}

export function childrenOf(element: XmlElement, space: string, name: string): XmlElement[] {
  return element.children.filter((child) => child.space === space && child.name === name);
}

/** The element and all below it, outer before inner. */
export function* walkXml(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walkXml(child);
}

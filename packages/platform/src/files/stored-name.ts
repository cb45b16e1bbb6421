import { AppError } from "@finops/kernel/app-error";

/** What file systems take of a name, in bytes. */
const partBytesMax = 255;

/** The parts of a file's name. @throws invalid for every name that could mean something outside of its store */
export function splitStoredName(name: string): string[] {
  const parts = name.split("/");
  const isPlain =
    !name.includes("\0") && !name.includes("\\") && parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain) throw outsideStore(name);
  if (parts.some((part) => Buffer.byteLength(part) > partBytesMax))
    throw new AppError("invalid", `A file or folder has a name of more than ${partBytesMax} bytes. Shorten it.`);
  return parts;
}

export function trimSlash(prefix: string): string {
  return prefix.replace(/\/$/, "");
}

export function outsideStore(name: string): AppError {
  return new AppError("invalid", `"${name.slice(0, 200)}" is not the name of a stored file.`);
}

export function noSuchFile(name: string, cause?: unknown): AppError {
  return new AppError("not_found", `There is no file ${name}.`, { cause });
}

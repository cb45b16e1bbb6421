import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Every file of the working tree that git tracks or would track. */
export function listRepositoryFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  return [...new Set(output.split("\0"))].filter((path) => path !== "" && existsSync(path));
}

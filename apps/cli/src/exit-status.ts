/** Ends a command with the exit code of a program that it ran, which has said by itself what is wrong. */
export class ExitStatus extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.name = "ExitStatus";
    this.code = code;
  }
}

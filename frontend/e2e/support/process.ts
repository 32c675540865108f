/** Programs that a test starts and that end with it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a program may take until it says what is waited for, in milliseconds. */
const PATIENCE = 30_000;

export class Program {
  /** What it has said, line by line. */
  readonly #said: string[] = [];
  readonly #listeners = new Set<() => void>();
  #failure: Error | null = null;

  private constructor(
    command: string,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        this.#said.push(line);
        this.#tell();
      });
    }
    child.once("error", (error) => this.#fail(error));
    child.once("exit", () => this.#fail(new Error(`${command} has ended`)));
  }

  /** Starts a program, and waits for the line that tells where it listens: the answer's first group. */
  static async start(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    ready: RegExp,
  ): Promise<[Program, string]> {
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
      // Some end with their standard input, so that none outlives the tests.
      stdio: ["pipe", "pipe", "pipe"],
    });
    const program = new Program(command, child);
    return [program, await program.said(ready)];
  }

  /** Waits until it has said something that matches: the first group of the last such line. */
  async said(pattern: RegExp): Promise<string> {
    return await new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        end();
      };
      const fail = (why: string) =>
        settle(() => reject(new Error([`${why}:`, ...this.#said].join("\n"))));
      const timer = setTimeout(() => fail(`nothing was said that matches ${pattern}`), PATIENCE);
      const look = () => {
        const found = this.#said.map((line) => pattern.exec(line)?.[1]).findLast(Boolean);
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#failure) fail(this.#failure.message);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

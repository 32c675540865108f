/** Programs that a test starts and that end with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a program may take until it says that it is ready, in milliseconds. */
const PATIENCE = 30_000;

export class Program {
  private constructor(private readonly child: ChildProcess) {}

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
    const said: string[] = [];
    const address = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${command} is not ready`)), PATIENCE);
      const hear = (line: string) => {
        said.push(line);
        const found = ready.exec(line)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      createInterface({ input: child.stdout }).on("line", hear);
      createInterface({ input: child.stderr }).on("line", hear);
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`${command} has ended:\n${said.join("\n")}`)));
    });
    return [new Program(child), await address];
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }
}

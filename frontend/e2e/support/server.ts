/** The real binary, with a database of its own, which serves the built app. */
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Program } from "./process.ts";

const frontend = join(import.meta.dirname, "../..");
const BINARY = process.env.TODO_API ?? join(frontend, "../target/debug/todo-api");

export class Server {
  #program: Program | null = null;
  #url = "";

  private constructor(
    private readonly directory: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** Starts one; `settings` are environment variables of the service. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "todo-e2e-")), settings);
    await server.start();
    return server;
  }

  /** Where it is: `http://127.0.0.1:PORT`. */
  get url(): string {
    return this.#url;
  }

  /** Starts it again at the same address, with the same data. */
  async start(): Promise<void> {
    const [program, url] = await Program.start(
      BINARY,
      [],
      {
        DATABASE_URL: `sqlite://${join(this.directory, "todo.db")}?mode=rwc`,
        PORT: this.#url ? new URL(this.#url).port : "0",
        WEB_APP_DIR: await built("out"),
        // Tests sign up more often in a minute than people do, and need no slow hashes.
        RATE_LIMIT: "off",
        BCRYPT_COST: "4",
        LOG_FORMAT: "json",
        ...this.settings,
      },
      /listening on (http:\/\/[\d.]+:\d+)/,
    );
    this.#program = program;
    this.#url = url;
  }

  /** The link of the last mail, once it is there: mails are written to the log. */
  async mailedLink(): Promise<string> {
    if (!this.#program) throw new Error("the server is not running");
    return await this.#program.said(/a mail that is not sent.*?"link":"([^"]+)"/);
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** Ends it for good. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The directory of a build. */
export async function built(name: string): Promise<string> {
  const directory = join(frontend, name);
  await access(join(directory, "policies.json")).catch(() => {
    throw new Error(`${name} is not built: run \`npm run build\` first`);
  });
  return directory;
}

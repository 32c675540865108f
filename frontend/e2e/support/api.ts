/** The API without a page: for what a test begins with, and for what the server has in the end. */
import type { Server } from "./server.ts";
import type { Person } from "./test.ts";

/** A task to be made. */
export interface Draft {
  readonly title: string;
  readonly description?: string;
  readonly completed?: boolean;
}

/** What the tests look at in a task. */
interface Task {
  readonly id: number;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
}

/** Calls in the name of one person. */
export class Caller {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async of(server: Server, { email, password }: Person): Promise<Caller> {
    const anonymous = new Caller(server.url, "");
    const answer = await anonymous.call("POST", "auth/login", { email, password });
    const { access_token } = await answer.json();
    return new Caller(server.url, access_token);
  }

  /** Calls a path below `/api/v1`. What is refused is an error, so that no test goes on without it. */
  async call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await this.attempt(method, path, body);
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer;
  }

  /** The same, for what may be refused. */
  async attempt(method: string, path: string, body?: object): Promise<Response> {
    return await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Makes tasks, one after the other; the answer is their ids. */
  async create(...drafts: readonly Draft[]): Promise<number[]> {
    const ids: number[] = [];
    for (const { completed = false, ...draft } of drafts) {
      const { id }: Task = await (await this.call("POST", "tasks", draft)).json();
      if (completed) await this.call("PATCH", `tasks/${id}/complete`, { completed });
      ids.push(id);
    }
    return ids;
  }

  /** The tasks that the server has, the newest first. */
  async tasks(): Promise<Task[]> {
    return await (await this.call("GET", "tasks")).json();
  }

  /** Their titles. */
  async titles(): Promise<string[]> {
    return (await this.tasks()).map(({ title }) => title);
  }
}

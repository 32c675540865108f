/** Which tasks are shown and in which order: what the address of the dashboard says. */
import { isPlaceholder, type Task } from "./task";

export type Status = "all" | "pending" | "completed";
export type Sort = "created" | "title";
export type Order = "asc" | "desc";

export interface View {
  readonly status: Status;
  readonly sort: Sort;
  readonly order: Order;
}

export const STATUSES: Readonly<Record<Status, string>> = {
  all: "All",
  pending: "Pending",
  completed: "Completed",
};

/** The orders to choose from, named as in `sort-order`. */
export const ORDERS = {
  "created-desc": "Newest first",
  "created-asc": "Oldest first",
  "title-asc": "Title, A to Z",
  "title-desc": "Title, Z to A",
} as const satisfies Record<`${Sort}-${Order}`, string>;

export type OrderName = keyof typeof ORDERS;

export const DEFAULT_VIEW: View = { status: "all", sort: "created", order: "desc" };

export function orderName({ sort, order }: View): OrderName {
  return `${sort}-${order}`;
}

export function withOrder(view: View, name: OrderName): View {
  // What splits a name into the two parts that it is made of.
  const [sort, order] = name.split("-") as [Sort, Order];
  return { ...view, sort, order };
}

/** Reads an address; what it does not say, or says wrongly, is as usual. */
export function viewOf(query: URLSearchParams): View {
  const status = query.get("status") ?? "";
  const name = `${query.get("sort")}-${query.get("order")}`;
  const view = { ...DEFAULT_VIEW, ...(isStatus(status) && { status }) };
  return isOrderName(name) ? withOrder(view, name) : view;
}

/** The address of a view; the usual one is the plain page. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.status !== DEFAULT_VIEW.status) query.set("status", view.status);
  if (orderName(view) !== orderName(DEFAULT_VIEW)) {
    query.set("sort", view.sort);
    query.set("order", view.order);
  }
  return query.size > 0 ? `/tasks?${query}` : "/tasks";
}

/** Whether the view shows the task. */
export function shows(view: View, task: Task): boolean {
  return view.status === "all" || (view.status === "completed") === task.completed;
}

/** Negative if `a` stands before `b`; ties break by id, as in the API. */
export function compare(view: View, a: Task, b: Task): number {
  const [x, y] = view.sort === "title" ? [folded(a), folded(b)] : [made(a), made(b)];
  const ascending = x < y ? -1 : x > y ? 1 : a.id - b.id;
  return view.order === "asc" ? ascending : -ascending;
}

/** Whether a change from `a` to `b` leaves the task at its place. */
export function staysInPlace(view: View, a: Task, b: Task): boolean {
  return view.sort === "created" || folded(a) === folded(b);
}

/** When it was made. What the server is still to make is the newest, whatever the clock here says. */
function made(task: Task): string {
  return isPlaceholder(task) ? "later" : task.created_at;
}

function folded(task: Task): string {
  return task.title.toLowerCase();
}

function isStatus(text: string): text is Status {
  return Object.hasOwn(STATUSES, text);
}

function isOrderName(text: string): text is OrderName {
  return Object.hasOwn(ORDERS, text);
}

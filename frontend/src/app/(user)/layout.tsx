import type { ReactNode } from "react";

import { UserArea } from "@/shell/user-area";

/** The pages of a user. What they share stays while one goes from page to page. */
export default function UserLayout({ children }: { children: ReactNode }) {
  return <UserArea>{children}</UserArea>;
}

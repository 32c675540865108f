import type { Metadata } from "next";
import { Suspense } from "react";

import { TasksPage } from "@/tasks/tasks-page";

export const metadata: Metadata = { title: "Tasks" };

export default function Page() {
  return (
    // What is shown depends on the address, which the exported page does not know.
    <Suspense>
      <TasksPage />
    </Suspense>
  );
}

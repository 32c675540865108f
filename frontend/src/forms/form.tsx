import type { BaseSyntheticEvent, ReactNode } from "react";

import { Alert } from "@/ui/alert";

/** A form of `useApiForm`: above its fields stands why it failed, if no field is to blame. */
export function Form({
  form,
  help,
  children,
}: {
  readonly form: {
    readonly onSubmit: (event: BaseSyntheticEvent) => Promise<void>;
    readonly failure: string | null;
  };
  /** What to do about a failure. */
  readonly help?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <form noValidate onSubmit={form.onSubmit} className="grid gap-4">
      {form.failure && (
        <Alert>
          {form.failure} {help}
        </Alert>
      )}
      {children}
    </form>
  );
}

"use client";

import { Dialog } from "@/ui/dialog";
import { SHORTCUTS } from "./shortcuts";
import { useSingleKeys } from "./single-keys";

const NAMES: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑" };

/** What the keys do, and whether they should. */
export function ShortcutList({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const [enabled, enable] = useSingleKeys();
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <dl className="grid gap-1">
        {SHORTCUTS.map(({ action, keys, what }) => (
          <div key={action} className="flex items-center justify-between gap-4 py-1 text-sm">
            <dt className="flex gap-1.5 order-last">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="grid h-7 min-w-7 place-items-center rounded-lg border border-edge/60 bg-sunken px-1.5 font-sans text-xs"
                >
                  {NAMES[key] ?? key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex min-h-11 cursor-pointer items-center gap-3 border-line border-t pt-4 text-sm">
        <input
          type="checkbox"
          checked={enabled}
          onChange={(event) => enable(event.target.checked)}
          className="size-5 accent-accent"
        />
        Single keys do these things
      </label>
    </Dialog>
  );
}

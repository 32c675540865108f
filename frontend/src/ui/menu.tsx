"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

const ITEM =
  "flex min-h-11 items-center gap-3 rounded-lg px-3 text-sm -outline-offset-2 select-none data-highlighted:bg-sunken [&>svg]:size-4 [&>svg]:text-muted";

/** A menu that `trigger`, a button, opens. */
export function Menu({
  trigger,
  children,
}: {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    // A modal one writes a style element, which the page's Content-Security-Policy forbids.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {/* Not in a portal: it is a part of the region that its button is in. */}
      <DropdownMenu.Content
        align="end"
        sideOffset={6}
        collisionPadding={12}
        className="z-30 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 animate-appear overflow-y-auto rounded-2xl border border-line bg-surface p-1.5 shadow-float"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  onSelect,
  children,
}: {
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <DropdownMenu.Item onSelect={onSelect} className={ITEM}>
      {children}
    </DropdownMenu.Item>
  );
}

/** Items of which one is chosen. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <DropdownMenu.RadioGroup
      value={value}
      // Only values of `options` are offered.
      onValueChange={(next) => onChange(next as Value)}
    >
      <DropdownMenu.Label className="px-3 pt-2 pb-1 font-medium text-muted text-xs">
        {label}
      </DropdownMenu.Label>
      {Object.entries<string>(options).map(([option, name]) => (
        <DropdownMenu.RadioItem key={option} value={option} className={`${ITEM} pr-9`}>
          <span className="grow">{name}</span>
          <DropdownMenu.ItemIndicator className="-mr-6">
            <Check aria-hidden className="size-4 text-accent" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1.5 h-px bg-line" />;
}

"use client";

import { keep, kept } from "@/ui/storage";
import { store } from "@/ui/store";

const KEY = "todo.shortcuts";
const enabled = store(true, () => kept(KEY) !== "off");

/** Whether single keys do anything: those who speak to their computer may want them off (WCAG 2.1.4). */
export function useSingleKeys(): [boolean, (enabled: boolean) => void] {
  return [enabled.useValue(), enable];
}

function enable(wanted: boolean) {
  keep(KEY, wanted ? null : "off");
  enabled.set(wanted);
}

/**
 * The rules of the fields that forms ask for, in the words of the API. The limits come from its
 * OpenAPI document: `npm run generate`.
 */
import * as z from "zod/mini";

import limits from "@/api/limits.json";

type Field = keyof typeof limits;

/** Characters as the API counts them: Unicode scalar values. */
const characters = (text: string) => [...text].length;
/** What a password is measured by, for bcrypt reads no more than 72 of them. */
const bytes = (text: string) => new TextEncoder().encode(text).length;

const REQUIRED = "is required";

/** Which rule of `field` the text breaks: the rest of a sentence that starts with the field. */
export function violation(field: Field, text: string): string | undefined {
  const { minLength, maxLength, pattern } = limits[field];
  const kept = field === "password" || field === "description" ? text : text.trim();
  const [length, unit] =
    field === "password" ? [bytes(kept), "bytes"] : [characters(kept), "characters"];
  if (kept === "" && isRequired(field)) return REQUIRED;
  if (characters(kept) < minLength) return `must have at least ${minLength} characters`;
  if (length > maxLength) return `must have at most ${maxLength} ${unit}`;
  if (text.includes("\0")) return "must not contain the character U+0000";
  if (!new RegExp(pattern, "u").test(text)) return `must be ${FORMS[field] ?? "of another form"}`;
  return undefined;
}

/** What a field must be that a pattern describes. */
const FORMS: Partial<Record<Field, string>> = { email: "an email address like ada@example.com" };

function isRequired(field: Field): boolean {
  return field === "email" || limits[field].minLength > 0;
}

function text(field: Field) {
  return rule((value) => violation(field, value));
}

/** A text about which `broken` says which rule it breaks. */
function rule(broken: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = broken(context.value);
    if (message) context.issues.push({ code: "custom", input: context.value, message });
  });
}

export const email = text("email");
export const password = text("password");
/** A password that is held already. It was set elsewhere, maybe by other rules: the server knows it. */
export const existingPassword = rule((text) => (text === "" ? REQUIRED : undefined));
export const name = text("name");
export const title = text("title");
export const description = text("description");

/** How long a field may be, for counters beside it. */
export function maxLength(field: Field): number {
  return limits[field].maxLength;
}

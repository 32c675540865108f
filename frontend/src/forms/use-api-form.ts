"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { type BaseSyntheticEvent, useState } from "react";
import { type DefaultValues, type FieldPath, type FieldValues, useForm } from "react-hook-form";
import type * as z from "zod/mini";

import { messageOf, Problem } from "@/api/problem";

/** How long to let the user type before a broken rule is shown, in milliseconds. */
const WHILE_TYPING = 500;

/**
 * A form whose fields are named as the API names them. Broken rules are shown as the user types; those
 * that the server alone knows come to stand at their fields, and what is about no field above them all.
 */
export function useApiForm<Values extends FieldValues>({
  schema,
  defaults,
  submit,
}: {
  readonly schema: z.ZodMiniType<Values, Values>;
  readonly defaults: DefaultValues<Values>;
  readonly submit: (values: Values) => Promise<void>;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: defaults,
    mode: "onChange",
    delayError: WHILE_TYPING,
  });
  const { errors, isSubmitting } = form.formState;

  const send = form.handleSubmit(async (values) => {
    setFailure(null);
    const focused = document.activeElement;
    try {
      await submit(values);
    } catch (error) {
      const fields =
        error instanceof Problem ? error.fields.filter(({ field }) => field in values) : [];
      // Whoever has gone on to another field meanwhile stays there.
      const isFocusFree = [focused, document.body].includes(document.activeElement);
      for (const [index, { field, message }] of fields.entries()) {
        const shouldFocus = isFocusFree && index === 0;
        form.setError(field as FieldPath<Values>, { message }, { shouldFocus });
      }
      if (fields.length === 0) setFailure(messageOf(error));
    }
  });

  /** Sends the form, unless it is on its way: Enter in the only field of a form would send it again. */
  async function onSubmit(event: BaseSyntheticEvent) {
    event.preventDefault();
    if (!isSubmitting) await send(event);
  }

  return {
    ...form,
    onSubmit,
    isSubmitting,
    /** Why it failed, if no field is to blame. */
    failure,
    /** What a field needs: its name, its handlers and what is wrong with it. */
    field(name: FieldPath<Values>) {
      return { ...form.register(name), error: errors[name]?.message as string | undefined };
    },
  };
}

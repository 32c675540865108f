"use client";

import * as z from "zod/mini";

import { auth, type User } from "@/auth";
import { name } from "@/forms/fields";
import { Form } from "@/forms/form";
import { useApiForm } from "@/forms/use-api-form";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { toast } from "@/ui/toast";
import { Card } from "./card";

const schema = z.object({ name });

/** Changes what the user is called. */
export function NameCard({ user }: { readonly user: User }) {
  const form = useApiForm({
    schema,
    defaults: { name: user.name ?? "" },
    async submit({ name }) {
      const kept = name.trim();
      await auth().updateName(kept || null);
      // What has been typed since then stays.
      if (form.getValues("name") === name) form.setValue("name", kept);
      toast(kept ? `You are called ${kept} now.` : "You have no name here any more.");
    },
  });
  return (
    <Card title="Your name">
      <Form form={form}>
        <TextField
          label="Name"
          autoComplete="name"
          hint="Optional: what to call you."
          {...form.field("name")}
        />
        <Button type="submit" busy={form.isSubmitting} className="justify-self-start">
          Save the name
        </Button>
      </Form>
    </Card>
  );
}

"use client";

import { useState } from "react";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Card } from "./card";
import { DeleteForm } from "./delete-form";

/** The end of the account. */
export function DeleteCard() {
  const [open, setOpen] = useState(false);
  return (
    <Card
      title="Delete your account"
      description="Your account goes, and every task with it. Nobody can bring them back."
    >
      <Button look="danger" className="justify-self-start" onClick={() => setOpen(true)}>
        Delete your account…
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Delete your account?"
        description="All of your tasks, your name, your email and your sessions are deleted at once, and nobody can bring them back. Download your data first if you want to keep it."
      >
        <DeleteForm onCancel={() => setOpen(false)} />
      </Dialog>
    </Card>
  );
}

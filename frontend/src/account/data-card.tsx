"use client";

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";

import { messageOf } from "@/api/problem";
import type { User } from "@/auth";
import { Alert } from "@/ui/alert";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";
import { Card } from "./card";
import { saveExport } from "./export";

/** Hands the user all that is held on them. */
export function DataCard({ user }: { readonly user: User }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => saveExport(user),
    onSuccess: () => toast("Your data is in your downloads."),
  });
  return (
    <Card
      title="Your data"
      description="Every task, and all else that we keep about you, in one JSON file."
    >
      {error && <Alert>{messageOf(error)}</Alert>}
      <Button
        look="secondary"
        className="justify-self-start"
        busy={isPending}
        onClick={() => mutate()}
      >
        {!isPending && <Download aria-hidden className="size-4" />}
        Download your data
      </Button>
    </Card>
  );
}

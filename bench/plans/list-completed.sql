-- $1 user_id
-- $2 completed
-- $3 limit
SELECT "tasks"."id", "tasks"."user_id", "tasks"."title", "tasks"."description", "tasks"."completed", "tasks"."created_at", "tasks"."updated_at" FROM "tasks" WHERE "tasks"."user_id" = $1 AND "tasks"."completed" = $2 ORDER BY "created_at" DESC, "tasks"."id" DESC LIMIT $3

-- $1 task_id
-- $2 user_id
-- $3 limit
SELECT "tasks"."id", "tasks"."user_id", "tasks"."title", "tasks"."description", "tasks"."completed", "tasks"."created_at", "tasks"."updated_at" FROM "tasks" WHERE "tasks"."id" = $1 AND "tasks"."user_id" = $2 LIMIT $3

-- $1 user_id
-- $2 limit
SELECT "tasks"."id", "tasks"."user_id", "tasks"."title", "tasks"."description", "tasks"."completed", "tasks"."created_at", "tasks"."updated_at" FROM "tasks" WHERE "tasks"."user_id" = $1 ORDER BY LOWER("title") ASC, "tasks"."id" ASC LIMIT $2

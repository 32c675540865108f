-- $1 user_id
-- $2 after_created_at
-- $3 after_id
-- $4 limit
SELECT "tasks"."id", "tasks"."user_id", "tasks"."title", "tasks"."description", "tasks"."completed", "tasks"."created_at", "tasks"."updated_at" FROM "tasks" WHERE "tasks"."user_id" = $1 AND ("created_at", "id") < ($2, $3) ORDER BY "created_at" DESC, "tasks"."id" DESC LIMIT $4

-- $1 now
-- $2 task_id
-- $3 user_id
UPDATE "tasks" SET "completed" = NOT "completed", "updated_at" = $1 WHERE "tasks"."id" = $2 AND "tasks"."user_id" = $3 RETURNING "id", "user_id", "title", "description", "completed", "created_at", "updated_at"

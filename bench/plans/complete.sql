-- $1 completed
-- $2 completed
-- $3 now
-- $4 task_id
-- $5 user_id
UPDATE "tasks" SET "completed" = $1, "updated_at" = (CASE WHEN ("completed" IS DISTINCT FROM $2) THEN $3 ELSE "updated_at" END) WHERE "tasks"."id" = $4 AND "tasks"."user_id" = $5 RETURNING "id", "user_id", "title", "description", "completed", "created_at", "updated_at"

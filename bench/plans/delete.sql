-- $1 task_id
-- $2 user_id
DELETE FROM "tasks" WHERE "tasks"."id" = $1 AND "tasks"."user_id" = $2

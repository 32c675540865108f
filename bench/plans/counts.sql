-- $1 user_id
SELECT "tasks"."user_id", "tasks"."completed", COUNT(*) FROM "tasks" WHERE "tasks"."user_id" = $1 GROUP BY "tasks"."user_id", "tasks"."completed"

-- $1 user_id
-- $2 after_title
-- $3 after_id
-- $4 after_title
-- $5 limit
SELECT "tasks"."id", "tasks"."user_id", "tasks"."title", "tasks"."description", "tasks"."completed", "tasks"."created_at", "tasks"."updated_at" FROM "tasks" WHERE "tasks"."user_id" = $1 AND (LOWER("title"), "id") > (LOWER($2), $3) AND LOWER("title") >= LOWER($4) ORDER BY LOWER("title") ASC, "tasks"."id" ASC LIMIT $5

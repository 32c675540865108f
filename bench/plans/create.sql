-- $1 user_id
-- $2 title
-- $3 description
-- $4 completed
-- $5 now
-- $6 now
INSERT INTO "tasks" ("user_id", "title", "description", "completed", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id", "user_id", "title", "description", "completed", "created_at", "updated_at"

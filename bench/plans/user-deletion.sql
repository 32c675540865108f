-- $1 user_id
-- $2 vouched_at
-- $3 limit
SELECT "deleted_users"."user_id", "deleted_users"."deleted_at" FROM "deleted_users" WHERE "deleted_users"."user_id" = $1 AND "deleted_users"."deleted_at" >= $2 LIMIT $3

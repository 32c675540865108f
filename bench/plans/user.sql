-- $1 user_id
-- $2 limit
SELECT "users"."id", "users"."email", "users"."name", "users"."hashed_password", "users"."created_at", "users"."updated_at", "users"."disabled_at" FROM "users" WHERE "users"."id" = $1 LIMIT $2

-- $1 user_id
-- $2 email
-- $3 name
-- $4 password_hash
-- $5 now
-- $6 now
-- $7 one
-- $8 user_id
-- $9 vouched_at
INSERT INTO "users" ("id", "email", "name", "hashed_password", "created_at", "updated_at") SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS(SELECT $7 FROM "deleted_users" WHERE "deleted_users"."user_id" = $8 AND "deleted_users"."deleted_at" >= $9) ON CONFLICT  DO NOTHING

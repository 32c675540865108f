-- $1 session_id
-- $2 limit
SELECT "sessions"."id", "sessions"."user_id", "sessions"."refresh_digest", "sessions"."previous_digest", "sessions"."user_agent", "sessions"."address", "sessions"."created_at", "sessions"."last_used_at", "sessions"."expires_at", "sessions"."revoked_at" FROM "sessions" WHERE "sessions"."id" = $1 LIMIT $2

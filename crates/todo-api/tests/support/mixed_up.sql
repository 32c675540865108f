-- Makes a database (SQLite) of it that cannot tell owners apart whose ids differ in nothing but case: it
-- answers one with the tasks of the other.
ALTER TABLE tasks RENAME TO real_tasks;
CREATE TABLE tasks (
    id integer PRIMARY KEY, user_id text COLLATE NOCASE, title text, description text,
    completed boolean, created_at text, updated_at text
);
INSERT INTO tasks
SELECT id, user_id, title, description, completed, created_at, updated_at FROM real_tasks;

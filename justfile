# Shows the recipes.
default:
    @just --list

# Serves the API at http://127.0.0.1:8000; flags go to the binary.
run *flags:
    cargo run -- {{ flags }}

# Builds the web app, which the service then shows at / (with Node 20.19 or newer).
web:
    npm ci --prefix frontend
    npm run build --prefix frontend

# Serves the web app's sources at http://localhost:3000, for work on it beside `just run`.
web-dev:
    npm install --prefix frontend
    npm run dev --prefix frontend

# Writes what the web app knows of the API: its types, and the limits of its fields.
web-api:
    npm run generate --prefix frontend

# Runs every test of the service.
test:
    cargo test --workspace

# Runs every test of the web app (with Chromium), against the binary.
web-test:
    npm ci --prefix frontend
    npm test --prefix frontend
    npm run build:both --prefix frontend
    cargo build
    TODO_API="${CARGO_TARGET_DIR:-$PWD/target}/debug/todo-api" npm run e2e --prefix frontend

# Measures the web app with Lighthouse, served by a release build.
lighthouse: web
    cargo build --release
    TODO_API="${CARGO_TARGET_DIR:-$PWD/target}/release/todo-api" npm run lighthouse --prefix frontend

# Takes the pictures of the README.
screenshots: web
    cargo build
    TODO_API="${CARGO_TARGET_DIR:-$PWD/target}/debug/todo-api" npm run screenshots --prefix frontend

# Installs what some tests talk to: a mail server (with Python 3), Better Auth (Node 20), PgBouncer (apt).
test-tools:
    python3 -m venv "${CARGO_TARGET_DIR:-target}"/smtp
    "${CARGO_TARGET_DIR:-target}"/smtp/bin/pip install --quiet --requirement crates/todo-api/tests/smtp/requirements.txt
    npm ci --prefix tests/better-auth
    .ci/pgbouncer

# Formats the code.
fmt:
    cargo fmt --all

# Checks format, lints, and what the dependencies may be (with cargo-deny).
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo deny check licenses bans sources

# Brings the schema up; `just migrate status` shows it, `just migrate down` takes a step back.
migrate *command="up":
    cargo run --quiet -- migrate {{ command }}

# Writes the OpenAPI document that the tests compare with.
openapi:
    cargo run --quiet -- openapi > specs/openapi.json

# Writes the hot statements and their plans in bench/plans/ that the tests compare with (PostgreSQL 15).
plans:
    WRITE_PLANS=1 cargo test --quiet --package todo-db --test postgres plans

# Measures a release build beside pgbench (bench/README.md); `just bench calls` runs one part.
bench *args:
    cargo build --release
    bench/run {{ args }}

# Runs what CI runs.
ci:
    .ci/run

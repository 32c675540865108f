"""What is in the database before anything is measured."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .api import CREATE
from .client import Client, request
from .cluster import Cluster

THREADS = 8
PASSWORD = "correct horse"

# Who has how many tasks, for what follows and for pgbench: `n` counts the users from 1.
OWNERS = """
CREATE SCHEMA bench;
CREATE TABLE bench.wanted (n bigint, user_id text, tasks bigint);
"""

# The ids of one user's tasks follow each other, from `first_task` on. No two instants of one user
# are the same; each third task has a description, each fifth is completed.
TASKS = """
CREATE TABLE bench.users AS
    SELECT n, user_id, tasks, 1 + sum(tasks) OVER (ORDER BY n)::bigint - tasks AS first_task
    FROM bench.wanted;
ALTER TABLE bench.users ADD PRIMARY KEY (n);
INSERT INTO tasks (id, user_id, title, description, completed, created_at, updated_at)
    SELECT first_task + i, user_id,
        (ARRAY['Buy milk', 'Call the dentist about Thursday', 'Water the plants', 'Pay the rent',
               'Write to Grandmother', 'Book a train to Hamburg', 'Mend the bicycle'])[1 + i % 7]
            || ' ' || i,
        CASE WHEN i % 3 = 0 THEN 'Before the weekend, and not later than the week after.' END,
        i % 5 = 0, at, at
    FROM bench.users, generate_series(0, tasks - 1) AS i,
        LATERAL (SELECT timestamptz '2026-01-01Z' + i * interval '1 minute' AS at) AS instant
    ORDER BY n, i;
SELECT setval(pg_get_serial_sequence('tasks', 'id'), max(id)) FROM tasks;
VACUUM ANALYZE;
"""


@dataclass(frozen=True)
class Account:
    """A user who has signed up."""

    token: str
    user_id: str


def first_task(position: int, each: int) -> int:
    """The id of the first task of the account at this position, if `tasks` gave `each`."""
    return 1 + position * each


def sign_up(address: tuple[str, int], count: int) -> list[Account]:
    """Signs users up through the API."""

    def some(numbers: Iterable[int]) -> list[Account]:
        with Client(address) as client:
            return [_sign_up(client, number) for number in numbers]

    shares = [range(first, count, THREADS) for first in range(min(THREADS, count))]
    with ThreadPoolExecutor(THREADS) as pool:
        return [account for share in pool.map(some, shares) for account in share]


def _sign_up(client: Client, number: int) -> Account:
    body = f'{{"email":"user{number}@example.com","password":"{PASSWORD}"}}'
    answer = client.send_json(request("POST", "/api/v1/auth/register", body=body))
    return Account(answer["access_token"], answer["user"]["id"])


def tasks(cluster: Cluster, database: str, accounts: list[Account], each: int) -> None:
    """Gives each account so many tasks. Those of the first have the ids from 1, and so on."""
    rows = ",".join(
        f"({number}, '{account.user_id}', {each})" for number, account in enumerate(accounts, 1)
    )
    cluster.psql(database, f"{OWNERS} INSERT INTO bench.wanted VALUES {rows}; {TASKS}")


def crowd(
    cluster: Cluster, database: str, account: Account, own: int, others: int, each: int
) -> None:
    """Gives the account its own tasks, and makes others with theirs around it."""
    users = f"""
INSERT INTO users (id, email, created_at, updated_at)
    SELECT gen_random_uuid()::text, 'crowd' || i || '@example.com', now(), now()
    FROM generate_series(1, {others}) AS i;
INSERT INTO bench.wanted
    SELECT row_number() OVER (ORDER BY id), id,
        CASE WHEN id = '{account.user_id}' THEN {own} ELSE {each} END
    FROM users;
"""
    cluster.psql(database, OWNERS + users + TASKS)


def tasks_through_api(address: tuple[str, int], account: Account, count: int) -> None:
    """Gives an account on a database without `psql` its tasks."""
    with Client(address) as client:
        for number in range(count):
            client.send_json(CREATE.request(account.token, 0, number))

"""The five calls that are measured."""

from dataclasses import dataclass

from .client import request

TASKS = "/api/v1/tasks"


@dataclass(frozen=True)
class Call:
    """A call. `{task}` is the id of a task; `{number}`, of eight digits, differs each time."""

    name: str
    method: str
    path: str
    body: str | None = None

    @property
    def writes(self) -> bool:
        """Whether the call leaves something to clean up."""
        return self.method != "GET"

    def template(self, token: str) -> str:
        """The call's request, in which `{task}` and `{number}` are still to be put."""
        body = self.body and self.body.replace("{number}", "0" * 8)
        text = request(self.method, self.path, token, body).decode()
        return text.replace(body, self.body) if body and self.body else text

    def request(self, token: str, task: int, number: int) -> bytes:
        """One such request."""
        text = self.template(token).replace("{task}", str(task))
        return text.replace("{number}", f"{number:08}").encode()


LIST = Call("list", "GET", f"{TASKS}?limit=20")
GET = Call("get", "GET", TASKS + "/{task}")
CREATE = Call("create", "POST", TASKS, '{"title":"Buy milk {number}","description":"Two litres"}')
UPDATE = Call("update", "PUT", TASKS + "/{task}", '{"title":"Buy bread {number}"}')
TOGGLE = Call("toggle", "PATCH", TASKS + "/{task}/complete")

CALLS = (LIST, GET, CREATE, UPDATE, TOGGLE)

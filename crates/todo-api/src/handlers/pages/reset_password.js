// Sends the new password with the token of the link.

const form = document.getElementById("form");
const password = document.getElementById("password");
const message = document.getElementById("message");
const save = document.getElementById("save");

const token = new URLSearchParams(location.search).get("token");
// Neither the history nor whoever looks at the screen needs the token.
history.replaceState(null, "", location.pathname);

const FAILED = "That did not work. Try again in a moment.";
const NO_TOKEN = "This link is not complete. Open it from the mail again, or ask for a new one.";

function tell(text, isError) {
  message.textContent = text;
  message.className = isError ? "error" : "";
  password.setAttribute("aria-invalid", String(isError));
}

/** What the problem document of a refusal says to a person. */
async function reason(answer) {
  const problem = await answer.json().catch(() => ({}));
  const fault = problem.errors?.find((error) => error.field === "new_password");
  return fault ? `The password ${fault.message}.` : (problem.detail ?? FAILED);
}

async function submit() {
  if (!password.checkValidity()) {
    tell(document.getElementById("hint").textContent, true);
    password.focus();
    return;
  }
  save.disabled = true;
  try {
    const answer = await fetch("/api/v1/auth/password/reset", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, new_password: password.value }),
    });
    if (answer.ok) {
      form.hidden = true;
      tell("Your password is changed. You can log in with it now.", false);
    } else {
      tell(await reason(answer), true);
      password.focus();
    }
  } catch {
    tell(FAILED, true);
  } finally {
    save.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
document.getElementById("show").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});
if (!token) {
  form.hidden = true;
  tell(NO_TOKEN, true);
}

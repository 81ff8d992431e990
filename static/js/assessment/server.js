// Talking to the server: one post, with what came of it as a plain word.

function token() {
  // From the cookie each time, because signing in again changes it.
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

const OUTCOMES = { 200: "saved", 400: "refused", 401: "signed-out", 403: "closed", 409: "conflict" };

// {outcome, body}. "failed" is what may work again later, "offline" that nobody answered.
export async function post(url, data, { keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      credentials: "same-origin",
      keepalive,
    });
  } catch {
    return { outcome: "offline", body: {} };
  }
  const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (!isJson) return { outcome: "failed", body: {} };
  try {
    return { outcome: OUTCOMES[response.status] ?? "failed", body: await response.json() };
  } catch {
    return { outcome: "failed", body: {} };
  }
}

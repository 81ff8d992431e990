// Follow the meeting: ask every three seconds whether this screen is behind, and if so show the page anew.
const PAUSE = 3000;
const meeting = document.querySelector("[data-meeting]");
const state = meeting?.querySelector("[data-meeting-state]");
let stamp = meeting?.dataset.stamp;

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

async function showAnew() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) {
    location.reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-meeting]");
  if (!fresh) {
    // The meeting has ended, or the person has been signed out.
    location.reload();
    return;
  }
  const opened = [...meeting.querySelectorAll("details[open] > summary")].map((each) => each.textContent);
  const body = meeting.querySelector("[data-meeting-body]");
  const had = document.activeElement?.closest("[data-meeting-body]");
  const before = body.querySelector("#now").textContent.trim();
  body.replaceWith(document.adoptNode(fresh.querySelector("[data-meeting-body]")));
  stamp = fresh.dataset.stamp;
  const now = meeting.querySelector("#now");
  if (now.textContent.trim() !== before) {
    say(`${meeting.dataset.wordsMoved} ${now.textContent.trim()}`);
    if (had) now.focus();
    return;
  }
  // The same proposal: what was being read stays open.
  for (const summary of meeting.querySelectorAll("details > summary")) {
    if (opened.includes(summary.textContent)) summary.parentElement.open = true;
  }
}

async function look() {
  try {
    const response = await fetch(meeting.dataset.url, { headers: { Accept: "application/json" } });
    if (response.ok && !response.redirected) {
      const found = await response.json();
      if (state.dataset.lost) {
        delete state.dataset.lost;
        say("");
      }
      if (!found.is_running) {
        say(meeting.dataset.wordsEnded);
        location.reload();
        return;
      }
      if (found.stamp !== stamp) await showAnew();
    }
  } catch {
    state.dataset.lost = "1";
    say(meeting.dataset.wordsLost);
  }
  setTimeout(look, PAUSE);
}

if (meeting) {
  document.querySelector("[data-follow-by-hand]")?.remove();
  setTimeout(look, PAUSE);
}

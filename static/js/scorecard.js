// While a PDF is being made: look now and then, and show the page anew when the work has ended.
const section = document.querySelector("[data-waiting]");
let pause = 700;

async function look() {
  try {
    const response = await fetch(section.dataset.waiting, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const state = await response.json();
    if (!state.is_waiting) {
      location.reload();
      return;
    }
  } catch {
    // The connection is gone for the moment; the next look may find it.
  }
  pause = Math.min(pause * 1.3, 8000);
  setTimeout(look, pause);
}

if (section) setTimeout(look, pause);

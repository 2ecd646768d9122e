// The desk works without this script. With it, a list that changes by itself is kept up to date.

document.documentElement.classList.add("scripted");

/** Says to screen readers which jobs have changed their state. */
function tell(before, after) {
  const states = (root) =>
    new Map([...root.querySelectorAll("tbody tr")].map((row) => [
      row.querySelector("th").firstChild.textContent.trim(),
      row.querySelector(".state").textContent,
    ]));
  const known = states(before);
  const changes = [...states(after)].filter(([name, state]) => known.get(name) !== state);
  const heard = document.getElementById("heard");
  if (heard && changes.length) {
    heard.textContent = changes.map(([name, state]) => `Job ${name}: ${state}`).join(". ");
  }
}

/** Puts the newest state of the list in place of the old; the focus stays where it is. */
async function refresh() {
  const old = document.getElementById("live");
  const pause = Number(old?.dataset.refresh);
  if (!pause) return;
  await new Promise((resolve) => setTimeout(resolve, pause));
  try {
    const response = await fetch(location.href, { redirect: "manual" });
    if (response.type === "opaqueredirect") {
      location.reload(); // signed out meanwhile: the sign-in page knows the way back
      return;
    }
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("live");
      const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
      tell(old, fresh);
      old.replaceWith(fresh);
      if (focused) (document.getElementById(focused) ?? document.getElementById("main")).focus();
    }
  } catch {
    // The service may be starting again: ask once more.
  }
  refresh();
}

refresh();

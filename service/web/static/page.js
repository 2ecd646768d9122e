// What the search page itself does around its box: title, skip link and links to other languages.

const box = document.getElementById("box");
const skip = document.getElementById("skip");
const site = document.querySelector("meta[name=application-name]").content;

function show({ query, fragment }) {
  document.title = query ? `${query} – ${site}` : site;
  for (const link of document.querySelectorAll(".other-language")) {
    link.href = `?lang=${link.dataset.lang}${fragment}`;
  }
}

box.addEventListener("health-search:change", (event) => show(event.detail));

skip.addEventListener("click", (event) => {
  event.preventDefault(); // no fragment of the page's own takes the place of the query
  box.focusResults();
});

// What the server drew for browsers without a script has done its work.
customElements.whenDefined("health-search").then(() => {
  box.replaceChildren();
  skip.hash = box.id;
  show(box.asked);
});

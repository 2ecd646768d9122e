// The forms of the documentation page: each sends one request and shows what came of it.
// The key stays in its field; nothing is stored, and answers are shown as text only.

const BASE = new URL(".", location.href);
const MAX_SHOWN = 200_000; // characters of an answer; more would make the page slow
const key = document.getElementById("key");

for (const element of document.querySelectorAll(".key, .try")) element.hidden = false;
for (const form of document.querySelectorAll(".try form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

const latest = new WeakMap(); // of each form, the request whose answer it waits for

async function send(form) {
  latest.get(form)?.abort();
  const aborter = new AbortController();
  latest.set(form, aborter);
  const { url, options } = requestOf(form);
  const outcome = form.querySelector(".outcome");
  outcome.textContent = "…";
  const started = performance.now();
  try {
    const response = await fetch(url, { ...options, signal: aborter.signal });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - started);
    show(form, ".headers", [...response.headers].map((pair) => pair.join(": ")).join("\n"));
    show(form, ".answer", pretty(text, response.headers.get("content-type") ?? ""));
    outcome.textContent = `${response.status} ${response.statusText}`.trim() + `, ${milliseconds} ms`;
  } catch (error) {
    if (aborter.signal.aborted) return;
    show(form, ".headers", "");
    show(form, ".answer", "");
    outcome.textContent = `No answer: ${error.message}`;
  }
  show(form, ".curl", curl(url, options));
  form.querySelector(".result").hidden = false;
}

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = {};
  const options = { method: form.dataset.method, headers, cache: "no-store", credentials: "omit" };
  for (const field of form.elements) {
    const value = field.value;
    if (!field.dataset.in || value.trim() === "") continue;
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    if (field.dataset.in === "header") headers[field.name] = value;
    if (field.dataset.in === "body") options.body = value;
    if (field.dataset.in === "query") {
      const values = field.type === "textarea" ? value.split("\n").filter((line) => line.trim()) : [value];
      for (const each of values) query.append(field.name, each);
    }
  }
  if (options.body) headers["Content-Type"] = "application/json";
  if (key.value) headers.Authorization = `Bearer ${key.value}`;
  const url = new URL(path.slice(1), BASE);
  url.search = query;
  return { url, options };
}

function show(form, name, text) {
  form.querySelector(name).textContent = text;
}

function pretty(text, type) {
  let shown = text;
  if (/[/+]json/.test(type)) {
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // it is shown as it came
    }
  }
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}\n…` : shown;
}

function curl(url, { method, headers, body }) {
  const parts = ["curl", quoted(url.href)];
  if (method !== (body ? "POST" : "GET")) parts.push("-X", method);
  for (const [name, value] of Object.entries(headers)) {
    const told = name === "Authorization" ? "Bearer put-your-own-key-here" : value;
    parts.push("-H", quoted(`${name}: ${told}`));
  }
  if (body) parts.push("-d", quoted(body));
  return parts.join(" ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

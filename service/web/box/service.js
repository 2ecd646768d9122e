// Asks the search service. What was typed goes out in POST bodies only, never in a URL.

const PATIENCE_MS = 15000; // then the connection is as good as lost
const WAIT_SECONDS = 10; // if the service does not say how long

// Ask one path of the service: {status, body, wait}, `wait` being the seconds before another try.
export async function post(endpoint, path, body, { key, signal, keepalive = false }) {
  const response = await fetch(new URL(path, endpoint), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify(body),
    cache: "no-store",
    credentials: "same-origin",
    keepalive,
    signal: signal && AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
  });
  const wait = Number.parseInt(response.headers.get("Retry-After"), 10) || WAIT_SECONDS;
  return { status: response.status, wait, body: keepalive || await response.json() };
}

// Of several questions of a kind only the newest is answered.
export class Newest {
  #running = null;

  // Run `ask(signal)`: its reply, or undefined if a newer one has begun meanwhile.
  async run(ask) {
    this.stop();
    const own = (this.#running = new AbortController());
    try {
      const reply = await ask(own.signal);
      return own.signal.aborted ? undefined : reply;
    } catch (error) {
      if (own.signal.aborted) return undefined;
      throw error;
    }
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }
}

// Asks the search service. What was typed goes out in POST bodies only, never in a URL.

import { toRequest } from "./state.js";

const PATIENCE_MS = 15000; // then the connection is as good as lost
const WAIT_SECONDS = 10; // before another try, if the service does not say how long
const SUGGESTIONS = 6;

export class Service {
  #settings;
  #running = {};

  constructor(settings) {
    this.#settings = settings;
  }

  // The reply to a search, {status, body, wait}, with the seconds to `wait` before another try;
  // undefined if a newer search has begun.
  search(state) {
    return this.#newest("v1/search", toRequest(state, this.#settings.fixed));
  }

  // The same for what is typed.
  suggest(q) {
    const { language } = this.#settings.fixed.filters;
    return this.#newest("v1/suggest", { q, language, limit: SUGGESTIONS });
  }

  // Tell at which place the article stood that was opened, where the page around wants that.
  clicked(query, position) {
    if (!this.#settings.clicks || !position) return;
    this.#post("v1/clicks", { query, position }, { keepalive: true }).catch(() => {});
  }

  // Stop waiting for an answer: to `path`, or to all.
  stop(...paths) {
    for (const path of paths.length ? paths : Object.keys(this.#running)) this.#running[path]?.abort();
  }

  // Of several questions to a path only the newest is answered.
  async #newest(path, body) {
    this.stop(path);
    const own = (this.#running[path] = new AbortController());
    try {
      const signal = AbortSignal.any([own.signal, AbortSignal.timeout(PATIENCE_MS)]);
      const response = await this.#post(path, body, { signal });
      const wait = Number.parseInt(response.headers.get("Retry-After"), 10) || WAIT_SECONDS;
      const reply = { status: response.status, body: await response.json(), wait };
      return own.signal.aborted ? undefined : reply;
    } catch (error) {
      if (own.signal.aborted) return undefined;
      throw error;
    }
  }

  #post(path, body, how) {
    const { endpoint, key } = this.#settings;
    return fetch(new URL(path, endpoint), {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      ...how,
    });
  }
}

// The live region: says what was found, once, and nothing while somebody is still typing.

const CALM_MS = 700; // after an answer to what was typed; a screen reader speaks the letters first

export class Announcer {
  #region;
  #timer = 0;
  #answer = "";
  #suggestions = "";

  constructor(region) {
    this.#region = region;
  }

  // Fall silent, as what was said is no longer true.
  hush() {
    clearTimeout(this.#timer);
    this.#answer = "";
    this.#suggestions = "";
    this.#region.textContent = "";
  }

  answered(text, typing) {
    this.#answer = text;
    this.#say(typing);
  }

  suggested(text) {
    this.#suggestions = text;
    this.#say(true);
  }

  #say(typing) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#region.textContent = [this.#answer, this.#suggestions].filter(Boolean).join(". ");
    }, typing ? CALM_MS : 0);
  }
}

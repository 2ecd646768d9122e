// The panel of a compact box: what is found stands under the field, over the page.

const MARGIN = 8;
const WIDTH = 560;
const HEIGHT = 240;

export class Panel {
  #parts;
  #isCompact;

  constructor(parts, { compact }) {
    this.#parts = parts;
    this.#isCompact = compact;
  }

  get isOpen() {
    return this.#isCompact && !this.#parts.panel.hidden;
  }

  // Open it if there is something to see: suggestions, or an answer.
  open(withSuggestions, withAnswer) {
    const { panel, results } = this.#parts;
    if (!this.#isCompact) return;
    results.hidden = !withAnswer;
    panel.hidden = !withSuggestions && !withAnswer;
    this.place();
  }

  close() {
    if (this.#isCompact) this.#parts.panel.hidden = true;
  }

  // Put it under the field, as wide as it is useful and within the window.
  place() {
    const { panel, form } = this.#parts;
    if (!this.isOpen) return;
    const space = document.documentElement.clientWidth;
    const { left, right, bottom, width } = form.getBoundingClientRect();
    const wide = Math.min(Math.max(width, WIDTH), space - 2 * MARGIN);
    const start = left + right > space ? right - wide : left; // from the side that is nearer
    const x = Math.min(Math.max(start, MARGIN), space - MARGIN - wide);
    const height = window.visualViewport.height - bottom - 2 * MARGIN;
    panel.style.width = `${wide}px`;
    panel.style.left = `${x - left}px`;
    panel.style.maxHeight = `${Math.max(height, HEIGHT)}px`;
  }
}

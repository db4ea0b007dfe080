// When a text is checked: once it has not changed for a moment, one check at a time, and an answer about an earlier text is no
// answer. Where there is none it is asked again, ever less often.

const MOMENT = 300;
const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;

export class Checker {
  #ask;
  #show;
  #fail;
  #clock;
  #version = 0;
  #timer = null;
  #isAsking = false;
  #retry = FIRST_RETRY;

  /** `ask` returns what `asking.js` does; `show` gets an answer that is about the text as it stands, `fail` why there is none. */
  constructor({ ask, show, fail, clock = globalThis }) {
    this.#ask = ask;
    this.#show = show;
    this.#fail = fail;
    this.#clock = clock;
  }

  /** The text has changed. */
  changed() {
    this.#version += 1;
    this.#retry = FIRST_RETRY;
    this.#after(MOMENT);
  }

  /** Asks at once where an answer is being waited for, as when the person comes back to the window. */
  again() {
    if (this.#timer !== null) this.#after(0);
  }

  #after(delay) {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#check();
    }, delay);
  }

  async #check() {
    // Whoever waits for the answer that is under way sees that it is about an earlier text.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const asked = this.#version;
    const outcome = await this.#ask();
    this.#isAsking = false;
    if (outcome.kind !== "answered") {
      this.#fail(outcome.kind);
      if (outcome.kind !== "long") this.#later();
    } else if (asked === this.#version) {
      this.#retry = FIRST_RETRY;
      this.#show(outcome.value);
      return;
    }
    if (asked !== this.#version && this.#timer === null) this.#after(0);
  }

  #later() {
    if (this.#timer !== null) return;
    this.#after(this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }
}

// A fair mutual exclusion: whoever asks first gets it first.

export class Mutex {
  private held = false;
  private readonly waiting: (() => void)[] = [];

  /** Resolves when the caller holds it. */
  async acquire(): Promise<void> {
    if (!this.held) {
      this.held = true;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands it to the next in the queue. */
  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.held = false;
    else next();
  }
}

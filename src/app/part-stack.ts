// The parts of a process that are open, each under its name: opened one after the other, closed in reverse order.

export interface PartStackOptions {
  /** Once it is aborted no further part is opened. */
  readonly brokenOff?: AbortSignal;
  /** Is told the name of each part before it is opened. */
  readonly onOpening?: (part: string) => void;
  /** Is told of each part that did not close as it should. */
  readonly onCloseFailed?: (part: string, error: unknown) => void;
}

interface Part {
  readonly name: string;
  /** Runs at most once; never rejects. */
  readonly close: () => Promise<void>;
}

export class PartStack {
  private readonly options: PartStackOptions;
  private readonly parts: Part[] = [];
  private underWay: string | null = null;

  constructor(options: PartStackOptions = {}) {
    this.options = options;
  }

  /** Opens a part. Throws what `open` throws, and the signal's reason where the start was broken off. */
  async open<Opened>(
    name: string,
    open: () => Promise<Opened>,
    close: (opened: Opened) => Promise<void>,
  ): Promise<Opened> {
    const opened = await this.step(name, open);
    this.defer(name, () => close(opened));
    return opened;
  }

  /** Does a step of the start that leaves nothing to close. Throws as `open`. */
  async step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.options.brokenOff?.throwIfAborted();
    this.options.onOpening?.(name);
    this.underWay = name;
    try {
      return await work();
    } finally {
      this.underWay = null;
    }
  }

  /** Has `close` called for a part that is open. */
  defer(name: string, close: () => Promise<void>): void {
    let closing: Promise<void> | undefined;
    const part: Part = { name, close: () => (closing ??= this.closePart(part, close)) };
    this.parts.push(part);
  }

  /** Closes the parts of these names, all at once. */
  async closeTogether(names: ReadonlySet<string>): Promise<void> {
    await Promise.all(this.parts.filter(({ name }) => names.has(name)).map((part) => part.close()));
  }

  /** Closes what is open, the last part first; a part that fails to close does not keep the others open. */
  async closeAll(): Promise<void> {
    for (const part of this.parts.toReversed()) await part.close();
  }

  /** The names of what is not closed, the last part first; before them the step that has not ended. */
  unclosed(): readonly string[] {
    const open = this.parts.map(({ name }) => name).toReversed();
    return this.underWay === null ? open : [this.underWay, ...open];
  }

  private async closePart(part: Part, close: () => Promise<void>): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.options.onCloseFailed?.(part.name, error);
    }
    this.parts.splice(this.parts.indexOf(part), 1);
  }
}

// The life of one process: when it has died nothing that it still tries has any effect.

export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

export interface ProcessLife {
  readonly isOver: boolean;
  /** Ends it, and rejects what was asked for. */
  die(): never;
  /** Throws when it is over. */
  require(): void;
}

export function createProcessLife(): ProcessLife {
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    die() {
      isOver = true;
      throw new ProcessDied("the process has died");
    },
    require() {
      if (isOver) throw new ProcessDied("the process has died");
    },
  };
}

// How many bytes of objects wait for slow readers, over all answers of a process.

const MEBIBYTE = 1_048_576;

export const LARGEST_PIECE_BYTES = 65_536;
export const SMALLEST_PIECE_BYTES = 4_096;
/** The rest of the budget is enough for so many more answers. */
const SHARES = 16;

/**
 * Each answer takes room for one piece of its object at a time and gives it back at its end. Room is always there, but
 * smaller the more is taken: all together never hold more than the budget and the smallest piece for each answer.
 */
export class SendBudget {
  private freeBytes: number;

  constructor(totalBytes = 32 * MEBIBYTE) {
    this.freeBytes = totalBytes;
  }

  /** At most `wantedBytes`, and at least one byte. */
  take(wantedBytes: number): number {
    const share = Math.floor(this.freeBytes / SHARES);
    const largest = Math.min(LARGEST_PIECE_BYTES, Math.max(SMALLEST_PIECE_BYTES, share));
    const granted = Math.max(1, Math.min(wantedBytes, largest));
    this.freeBytes -= granted;
    return granted;
  }

  giveBack(bytes: number): void {
    this.freeBytes += bytes;
  }
}

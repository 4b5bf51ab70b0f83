// How long things take within this process, and waiting; never what time it is.

export interface Pace {
  /** Goes only forward, from anywhere. */
  milliseconds(): number;
  wait(milliseconds: number): Promise<void>;
}

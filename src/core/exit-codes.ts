// What a process of enks answers to the one that started it; docs/operate/server.md lists the same.

export const EXIT_CODES = {
  /** It did what it was asked; a server was told to stop and closed everything in time. */
  done: 0,
  /** It was refused, or it failed: a start, a check, a stop that used up its time. */
  refused: 1,
  /** It was called with arguments that it does not understand. */
  misused: 2,
  /** The server that a command asked was not reached. */
  unreachable: 3,
  /** Broken off by Ctrl-C; a server by a second signal. What was under way is done again. */
  brokenOff: 130,
} as const;

/** For the help of `enks serve`. */
export const SERVE_EXIT_CODES = `Exit codes:
  0    it was told to stop and closed everything in time
  1    the start failed, something did not close in time, or a fault of the program
  2    arguments or options that it does not understand
  130  a second signal ended it at once; what was under way is done again

Signals:
  SIGTERM  not ready at once, serves on for drainSeconds, then stops
  SIGINT   the same without the drain: Ctrl-C
  SIGHUP   noted in the log; it does not stop a server
`;

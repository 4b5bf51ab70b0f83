// The signals that stop a server: the first one in peace, the second one at once.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Ctrl-C reaches every process of a terminal, and the one that started us hands it on: that is one wish, not two. */
const SAME_WISH_MILLISECONDS = 500;

/** Resolves with the first signal; from then on `atOnce` is called for any other one that is meant as such. */
export function waitForStopSignal(atOnce: () => void): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isSecond = false;
  let wasAsked = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isSecond) atOnce();
    if (wasAsked) return;
    wasAsked = true;
    setTimeout(() => {
      isSecond = true;
    }, SAME_WISH_MILLISECONDS).unref();
    resolve(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return promise;
}

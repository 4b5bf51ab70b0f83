// The launcher that started this process: without it this process ends, in whatever way the launcher ended.

/** What a launcher says first on the channel to its child, in `bin/run-child.mjs`. */
const FOLLOW_ME = "enks: end without me";

let isGone = false;

function endWithIt(): void {
  isGone = true;
  process.kill(process.pid, "SIGTERM");
}

/**
 * From now on the end of the launcher counts as SIGTERM. Does nothing where no launcher of enks started this process: a
 * shell, `nohup` or a service manager may end without it.
 */
export function followLauncher(): void {
  const { channel } = process;
  if (channel === undefined || channel === null) return;
  process.once("message", (message) => {
    if (message !== FOLLOW_ME) return;
    if (process.connected) process.once("disconnect", endWithIt);
    else endWithIt();
  });
  // Or the channel would keep alive what has nothing left to do.
  channel.unref();
}

export function isLauncherGone(): boolean {
  return isGone;
}

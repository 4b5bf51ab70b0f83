// Stops a private PostgreSQL server as an administrator would, and starts it again on the same data and port.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { Client } from "pg";
import { vi } from "vitest";
import { PATIENCE } from "./patience.ts";

export interface HaltedPostgres extends AsyncDisposable {
  /** Starts it again and waits until it answers. */
  resume(): Promise<void>;
}

// When standard input closes, because this process has ended or wants it, the server stops.
const SUPERVISOR = `trap '' INT TERM HUP; "$0" "$@" </dev/null & server=$!; cat >/dev/null; kill -INT $server; wait $server`;

/** Stops the server at `url` with the programs in the folder `programs`; open connections are broken. */
export async function haltPostgres(programs: string, url: string): Promise<HaltedPostgres> {
  const { folder, port, sockets, pid } = await describe(url);
  process.kill(pid, "SIGINT");
  await vi.waitFor(async () => expectRefused(url), PATIENCE);
  const { uid, gid } = statSync(folder);
  const stack = new AsyncDisposableStack();
  return {
    async resume() {
      const settings = [
        "listen_addresses=127.0.0.1",
        `port=${port}`,
        `unix_socket_directories=${sockets}`,
        "fsync=off",
      ];
      const server = ["-D", folder, ...settings.flatMap((setting) => ["-c", setting])];
      const supervisor = spawn("sh", ["-c", SUPERVISOR, `${programs}/postgres`, ...server], {
        ...(process.getuid?.() === 0 ? { uid, gid } : {}),
        cwd: "/",
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      });
      stack.defer(async () => {
        const gone = once(supervisor, "exit");
        supervisor.stdin.end();
        await gone;
      });
      await vi.waitFor(() => describe(url), PATIENCE);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function expectRefused(url: string): Promise<void> {
  const answered = await describe(url).then(
    () => true,
    () => false,
  );
  if (answered) throw new Error("it still answers");
}

interface Described {
  readonly folder: string;
  readonly port: string;
  readonly sockets: string;
  readonly pid: number;
}

async function describe(url: string): Promise<Described> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Described>(
      `select current_setting('data_directory') as folder, current_setting('port') as port,
         current_setting('unix_socket_directories') as sockets,
         split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error("no answer");
    return row;
  } finally {
    await client.end();
  }
}

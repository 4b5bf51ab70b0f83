// Uploads beside a process of the server that is frozen in the middle of its own, while an export closes a window.

import { Client } from "pg";
import { closeWindows } from "../src/features/exposures/close-windows.ts";
import { openPostgresDatabase } from "../src/platform/database/postgres/open-postgres-database.ts";
import { systemPace } from "../src/platform/time/system-clock.ts";
import { withPostgres } from "./bench-postgres.ts";
import { type Sent, sendClosely, sendSteadily } from "./send-requests.ts";
import { makeOrders, percentile } from "./upload-requests.ts";
import { startUploadServer } from "./upload-server.ts";
import { judge } from "./verdict.ts";

const UPLOADS_PER_SECOND = 50;
const SECONDS = 20;
const MOST_MILLISECONDS = 10_000;

export function benchFrozen(): Promise<void> {
  return withPostgres(async (url) => {
    await using server = await startUploadServer(url);
    const frozen = await server.startAnother();
    const { publicUrl } = await frozen.started();
    await using watching = await openWatch(url);
    const database = await openPostgresDatabase({ url, schema: server.schema });
    requireStored((await sendClosely(makeOrders(server, 500), 16)).sent);

    // Its answers never come, so nobody waits for them.
    const load = sendSteadily(makeOrders({ ...server, publicUrl }, 2_000), 400).catch(() => []);
    await freezeInTransaction(watching, frozen.process.pid ?? 0);
    const frozenAt = performance.now();
    const closing = closeWindows(database, Math.floor(Date.now() / 1_000) + 3_600, systemPace).then(
      () => performance.now() - frozenAt,
    );
    const sent = await sendSteadily(makeOrders(server, UPLOADS_PER_SECOND * SECONDS), UPLOADS_PER_SECOND);
    const closed = await closing;
    const left = await watching.countLeft();
    frozen.signal("SIGCONT");
    await load;

    // What it had under way is lost with its connections, and refused; then it goes on.
    const again = await untilStored(() => sendClosely(makeOrders({ ...server, publicUrl }, 10), 2));

    const longest = percentile(sent, 1 - 1 / sent.length);
    console.table({
      uploads: {
        count: sent.length,
        "p50 ms": percentile(sent, 0.5),
        "p99 ms": percentile(sent, 0.99),
        "longest ms": longest,
      },
      "closing the window": { "longest ms": Math.round(closed) },
    });
    judge(
      longest <= MOST_MILLISECONDS,
      `longest upload beside a frozen process: ${longest} ms (goal: at most ${MOST_MILLISECONDS} ms)`,
    );
    const refused = sent.filter(({ status }) => status !== 200).length;
    judge(refused === 0, `uploads that were not stored: ${refused} (goal: none)`);
    judge(left === 0, `backends in a transaction, or waiting, behind it: ${left} (goal: none)`);
    judge(again, "the frozen process takes uploads again when it is continued");
    await database.close();
  });
}

/** Stops the process while it has a transaction open. */
async function freezeInTransaction(watch: Watch, pid: number): Promise<void> {
  for (;;) {
    process.kill(pid, "SIGSTOP");
    await systemPace.wait(1_000);
    if ((await watch.countResting()) > 0) return;
    process.kill(pid, "SIGCONT");
    await systemPace.wait(20);
  }
}

type Watch = Awaited<ReturnType<typeof openWatch>>;

const resting = (forAtLeast: string) =>
  `state = 'idle in transaction' and clock_timestamp() - state_change > interval '${forAtLeast}'`;

/** Looks at the server's backends. */
async function openWatch(connectionString: string) {
  const client = new Client({ connectionString });
  await client.connect();
  const count = async (condition: string): Promise<number> => {
    const { rows } = await client.query(
      `select count(*)::integer as count from pg_stat_activity where application_name = 'enks' and (${condition})`,
    );
    return Number(rows[0]?.count ?? 0);
  };
  return {
    countResting: () => count(resting("900 milliseconds")),
    countLeft: () => count(`${resting("5 seconds")} or wait_event_type = 'Lock'`),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function untilStored(send: () => Promise<{ readonly sent: readonly Sent[] }>): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if ((await send()).sent.every(({ status }) => status === 200)) return true;
    await systemPace.wait(100);
  }
  return false;
}

function requireStored(sent: readonly Sent[]): void {
  const refused = sent.filter(({ status }) => status !== 200).length;
  if (refused > 0) throw new Error(`${refused} of ${sent.length} uploads were not stored`);
}

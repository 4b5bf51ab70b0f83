// Lives through one world: two servers of the product, their operators, people who report, and phones that follow.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { createVirtualRunner } from "../../platform/jobs/virtual-runner.ts";
import type { ReportedEvent } from "../../platform/observe/report.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { isEffectFault, type ServerFault } from "../faults/fault.ts";
import { faultyDeviceFetch, faultyUploads } from "../faults/faulty-requests.ts";
import { createInjector, type Injector } from "../faults/injector.ts";
import { createNetwork, type Host } from "../network/network.ts";
import { deviceFetchOver, fetchOver } from "../network/network-clients.ts";
import { noteGeneratedKeys } from "../observe/note-generated-keys.ts";
import type { Observed } from "../observe/observed.ts";
import { createKeyLedger } from "../people/key-ledger.ts";
import { noUploads, type UploadTotals } from "../people/uploading-phone.ts";
import { checkPlan } from "./check-plan.ts";
import { knownKeys, type LostTime } from "./known-keys.ts";
import { observeTrees } from "./observe-trees.ts";
import { createTrees, operatorsActs, setRight } from "./operators.ts";
import { planTimes } from "./plan-times.ts";
import type { WorldHome } from "./world-home.ts";
import { letPeopleReport } from "./world-people.ts";
import { startPhones } from "./world-phones.ts";
import type { WorldPlan } from "./world-plan.ts";
import { openServer, type WorldServer } from "./world-servers.ts";

export interface LivedWorld {
  readonly observed: Observed;
  readonly injector: Pick<Injector, "struck" | "struckAt" | "effects">;
  readonly uploads: Readonly<UploadTotals>;
  readonly deaths: number;
}

export interface LiveOptions {
  readonly home: WorldHome;
  readonly onEvent?: (server: string, event: ReportedEvent) => void;
}

/** Throws `world_impossible`; everything else that goes wrong is in what was observed. */
export async function liveWorld(
  plan: WorldPlan,
  { home, onEvent = () => undefined }: LiveOptions,
): Promise<LivedWorld> {
  checkPlan(plan);
  const { startsAt } = plan;
  const times = planTimes(plan);
  const clock = createVirtualClock(startsAt);
  const random = seededRandom(plan.seed).fork("life");
  const injector = createInjector(plan.faults.filter(isEffectFault), clock);
  const network = createNetwork();
  const around = { home, clock, random, injector, network, onEvent };
  const state = await openServer("state", plan, around);
  const nation = await openServer("nation", plan, around);
  const servers = [state, nation];
  const trees = await createTrees(plan, state, nation);

  const runner = createVirtualRunner({
    clock,
    report: (event) => {
      if (event.event !== "script.failed") onEvent("world", event);
    },
  });
  const ledger = createKeyLedger();
  const uploads = noUploads();
  // Whoever sends an upload finds a process that runs.
  const reach: Host = async (request) => {
    for (const { site } of servers) await site.recover();
    return network.send(request);
  };
  const uploading = faultyUploads(fetchOver(reach), (operation) =>
    injector.meet({ site: "uploads", operation, activity: "upload" }),
  );
  for (const server of servers) {
    const people = { clock, network, random: random.fork(`people of ${server.name}`) };
    await letPeopleReport(plan, server, { runner, ledger, uploads, network: () => uploading }, people);
  }

  // Servers are set up before anything goes wrong.
  injector.wake();
  const acts = operatorsActs(plan, state, nation, trees);
  const generated = new Set<string>();
  const forgotten = new Set<string>();
  const lostTimes: LostTime[] = [];
  const noteGenerated = async ({ site }: WorldServer) => noteGeneratedKeys(site.server(), generated);
  for (const server of servers) {
    scheduleJobs(plan, server, runner);
    scheduleWrongStarts(plan, server, runner, injector);
    scheduleDisasters(plan, server, runner, async (fault) => {
      const before = new Set<string>();
      await noteGeneratedKeys(server.site.server(), before);
      await server.site.restore();
      if (server.troubles.clockOffset(clock.now()) === 0) await server.site.confirmClock();
      const after = new Set<string>();
      await noteGeneratedKeys(server.site.server(), after);
      for (const keyHex of before) generated.add(keyHex);
      for (const keyHex of before.difference(after)) forgotten.add(keyHex);
      await setRight(server, acts, clock.now());
      lostTimes.push({ place: server.name, from: fault.at, until: fault.at + fault.seconds });
      injector.note(fault.kind, `${server.name} operator restore`);
    });
  }
  for (const act of acts) runner.at(act.at, act.name, async () => void (await act.carryOut()));
  runner.at(times.faultsUntil, "the troubles end", () => injector.rest());
  const fetchFor = (onStruck: () => void) =>
    faultyDeviceFetch(
      deviceFetchOver(network.send),
      (operation) => injector.meet({ site: "phones", operation, activity: "check" }),
      onStruck,
    );
  const followed = {
    "state-client": { baseUrl: trees.client.baseUrl, seal: trees.clientSeal, carries: trees.client.carries },
    national: { baseUrl: trees.national.baseUrl, seal: trees.nationalSeal, carries: trees.national.carries },
  };
  const phones = startPhones(plan, followed, fetchFor, runner, random.fork("phones"));

  await runner.runUntil(times.endsAt);
  for (const server of servers) await noteGenerated(server);
  return {
    observed: {
      startsAt,
      endsAt: times.endsAt,
      trees: observeTrees(trees, state, nation),
      phones: phones.observe(),
      keys: knownKeys(ledger.entered.values(), lostTimes),
      generated,
      forgotten,
      events: [
        { at: startsAt + plan.switchAfterSeconds, kind: "content-switched", tree: "state-client", source: "national" },
      ],
      limits: {
        indexCacheSeconds: plan.indexTtlSeconds,
        listedWithinSeconds: times.listedWithinSeconds,
        heldWithinSeconds: times.heldWithinSeconds,
        clockErrorSeconds: clockErrorOf(plan),
      },
    },
    injector,
    uploads,
    deaths: servers.reduce((sum, { site }) => sum + site.counts.deaths, 0),
  };
}

/** A start that is further off is not believed. */
const BELIEVED_SECONDS = 25 * HOUR;

/**
 * A server whose clock is ahead cannot know that it publishes too early; what one publishes whose clock is behind
 * expires as much too early.
 */
function clockErrorOf({ faults }: WorldPlan): number {
  const errors = faults.map((fault) => {
    if (isEffectFault(fault)) return 0;
    const by = Math.abs(fault.wrongStart?.bySeconds ?? 0);
    if (by > 0) return by > BELIEVED_SECONDS ? 0 : by;
    return fault.kind.startsWith("clock-jumps-") ? fault.seconds : 0;
  });
  return Math.max(0, ...errors);
}

function scheduleJobs(
  plan: WorldPlan,
  { name, site, troubles }: WorldServer,
  runner: ReturnType<typeof createVirtualRunner>,
): void {
  for (const [job, everySeconds] of Object.entries(plan.rhythmsSeconds)) {
    runner.add(name, { name: job, everySeconds, run: (now: UnixSeconds) => troubles.runJob(site, job, now) });
  }
}

/** The process is started with a wrong clock, its jobs run twice in that time, and it is started again with a right one. */
function scheduleWrongStarts(
  plan: WorldPlan,
  { name, site }: WorldServer,
  runner: ReturnType<typeof createVirtualRunner>,
  injector: Injector,
): void {
  const runAll = async () => {
    for (const job of Object.keys(plan.rhythmsSeconds)) await site.runJob(job);
  };
  for (const fault of plan.faults) {
    if (isEffectFault(fault) || fault.wrongStart === undefined || fault.site !== name) continue;
    const { isConfirmed } = fault.wrongStart;
    runner.at(fault.at, "start wrongly", async () => {
      injector.note(fault.kind, `${name} operator start`);
      await site.restart();
      await runAll();
    });
    runner.at(fault.at + Math.floor(fault.seconds / 2), "go on wrongly", runAll);
    runner.at(fault.at + fault.seconds, "start rightly", async () => {
      await site.restart();
      if (isConfirmed) await site.operate(() => site.confirmClock());
      await runAll();
    });
  }
}

function scheduleDisasters(
  plan: WorldPlan,
  { name, site }: WorldServer,
  runner: ReturnType<typeof createVirtualRunner>,
  restore: (fault: ServerFault) => Promise<void>,
): void {
  for (const fault of plan.faults) {
    if (isEffectFault(fault) || fault.kind !== "database-restored" || fault.site !== name) continue;
    runner.at(fault.at, "back up", () => site.backUp());
    runner.at(fault.at + fault.seconds, "restore", () => restore(fault));
  }
}

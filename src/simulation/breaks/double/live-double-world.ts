// Lives through one double world and answers what was observed.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";
import type { Observed } from "../../observe/observed.ts";
import type { Defect } from "../breaks.ts";
import { publishedAt, STEADY_SIGNER } from "./authority-history.ts";
import { hasOnly } from "./defect.ts";
import { type FleetPhone, planFleet, startPhone } from "./double-fleet.ts";
import { type DoubleWorld, openDoubleWorld, startJobs } from "./double-world.ts";
import { letPeopleUpload } from "./let-people-upload.ts";
import { observeDoubleWorld } from "./observe-double-world.ts";
import { renameLines, storeLastAgain, switchContent, switchSeal } from "./script-acts.ts";
import { T } from "./timeline.ts";
import { IMPORTER_DIES_AT, IMPORTER_IS_CUT_AT } from "./troubles.ts";

export interface DoubleWorldOptions {
  readonly seed: number;
  /** null: everything is right. */
  readonly defect: Defect | null;
}

/** Twenty days between three servers, with everything that goes wrong in them for every server. */
export async function liveDoubleWorld({ seed, defect }: DoubleWorldOptions): Promise<Observed> {
  const world = await openDoubleWorld(seed, hasOnly(defect));
  const phones = planFleet(world).map((plan) => ({ ...startPhone(world, plan), name: plan.name }));
  startAuthorities(world);
  letPeopleUpload(world);
  startJobs(world);
  writeScript(world, (name) => phones.find((phone) => phone.name === name));
  await world.runner.runUntil(T.endsAt);
  return observeDoubleWorld(world, phones);
}

function startAuthorities({ runner, servers }: DoubleWorld): void {
  servers.state.authority.update([STEADY_SIGNER]);
  servers.abroad.authority.update([STEADY_SIGNER]);
  runner.add("nation authority", {
    name: "update",
    everySeconds: HOUR,
    run: async (now) => servers.nation.authority.update(publishedAt(now)),
  });
}

function writeScript(world: DoubleWorld, phoneOf: (name: string) => FleetPhone | undefined): void {
  const { runner, has, trees, exporters, importer, events } = world;
  const act = (at: UnixSeconds, name: string, action: (now: UnixSeconds) => void | Promise<void>) =>
    runner.at(at, name, action);

  act(T.importFrom, "import begins", () => {
    runner.add("nation", { name: "import", everySeconds: HOUR, run: importer.run }, T.importFrom + 20 * MINUTE);
  });
  const isEarly = has("updated-before-history-is-there");
  act(isEarly ? T.tooEarlyToUpdate : T.legacyPhonesUpdated, "app update", (at) => {
    const to = isEarly ? "national" : "client";
    events.push({ at, kind: "app-updated", phone: "updated", from: "legacy", to });
    phoneOf("updated")?.move(to, [], at);
  });
  act(T.contentSwitch, "content switch", (now) => switchContent(world, now));
  act(T.stateOutage.from, "the state's exports are down", () => runner.remove("state"));
  act(T.stateOutage.until, "the state's exports are up again", () => {
    for (const name of ["client", "legacy", "second"] as const) {
      runner.add("state", { name: `export ${name}`, everySeconds: HOUR, run: exporters[name].run });
    }
  });
  act(T.stateOutage.until + HOUR, "a window is exported again", (now) => storeLastAgain(world, now));
  act(IMPORTER_DIES_AT, "the importer dies", () => importer.dieOnce());
  act(IMPORTER_IS_CUT_AT, "a run of the import is cut short", () => importer.cutOnce());
  act(T.stateUploadsEnd, "the state takes no uploads", (at) => {
    events.push({ at, kind: "uploads-ended", place: "state" });
  });
  endStateExports(world, act);
  act(T.travelFrom, "a journey", (at) => {
    phoneOf("travelling")?.move("client", has("mirror-and-origin-followed") ? ["abroad", "national"] : ["abroad"], at);
  });
  act(T.travelFrom, "the root is edited", (now) => renameLines(world, now));
  switchSeal(world, act);
  act(T.secondWorker, "a second worker", () => exporters.national.setWorkers(2));
  act(T.deletionFails, "a deletion fails", () => world.failDeletion());
  const offAt = has("switched-off-in-use") ? T.legacyPhonesUpdated + 2 * DAY : T.legacySwitchedOff;
  act(offAt, "the old address is switched off", async (at) => {
    runner.remove("state", "export legacy");
    runner.remove("state removal", "legacy");
    events.push({ at, kind: "switched-off", tree: "legacy" });
    await trees.legacy.close();
  });
}

/** Both exports end with what the last uploads left; the second one is there for them above all. */
function endStateExports(
  { exporters, events, has }: DoubleWorld,
  act: (at: UnixSeconds, name: string, action: (now: UnixSeconds) => void) => void,
): void {
  const secondEnds = has("second-export-ended-early") ? T.importTroubles - HOUR : T.stateExportsEnd;
  for (const [tree, at] of [
    ["client", T.stateExportsEnd],
    ["second", secondEnds],
  ] as const) {
    act(at, `the export to ${tree} ends`, () => exporters[tree].endAt(at));
    // When its last window is out.
    act(at + 2 * HOUR, `the export to ${tree} has ended`, (now) => {
      events.push({ at: now, kind: "exporter-ended", tree });
    });
  }
}

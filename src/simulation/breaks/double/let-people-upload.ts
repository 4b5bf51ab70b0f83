// Lets the people of a double world upload, and enters in its ledger what they sent, taken or not.

import { HOUR } from "../../../core/clock.ts";
import { ReportType } from "../../../core/exposure-key.ts";
import type { AuthorityKey } from "./authority.ts";
import { STEADY_SIGNER, signerAt } from "./authority-history.ts";
import { type Errand, inventErrands, inventKeys } from "./double-people.ts";
import type { DoubleWorld } from "./double-world.ts";
import { STARTS_AT, T } from "./timeline.ts";

interface Place {
  readonly server: "state" | "nation" | "abroad";
  /** What the ledger calls it. */
  readonly name: string;
  readonly regions: readonly string[];
}

const STATE: Place = { server: "state", name: "state", regions: ["XX", "XY"] };
const NATION: Place = { server: "nation", name: "nation", regions: ["YY"] };
const ABROAD: Place = { server: "abroad", name: "abroad", regions: ["AB"] };
/** On the state's server, and in none of its exports. */
const ELSEWHERE: Place = { server: "state", name: "elsewhere", regions: ["ZZ"] };

export function letPeopleUpload(world: DoubleWorld): void {
  const crowd = (place: Place, until: number, everyHours: number) => {
    const random = world.random.fork(`people of ${place.name}`);
    for (const errand of inventErrands({ random, from: STARTS_AT, until, everySeconds: everyHours * HOUR })) {
      send(world, place, errand);
    }
  };
  crowd(STATE, T.stateUploadsEnd, 2);
  crowd(NATION, T.uploadsEnd, 4);
  crowd(ABROAD, T.uploadsEnd, 24);
  crowd(ELSEWHERE, T.stateUploadsEnd, 24);
  letTravellersUpload(world);
}

/** Two who upload in the state and in the nation: the nation knows the keys of one by then, those of the other not yet. */
function letTravellersUpload(world: DoubleWorld): void {
  const random = world.random.fork("travellers");
  const at = T.travellersUpload;
  const tested = { keys: inventKeys(random, at, 2, ReportType.userReport), hasToken: false, isRevision: false };
  send(world, STATE, { ...tested, at });
  // Before the state's next window: the nation has the keys from their owner, not by import.
  send(world, NATION, { ...tested, at: at + HOUR });
  const confirmed = tested.keys.map((key) => ({ ...key, reportType: ReportType.confirmed }));
  send(world, STATE, { at: T.travellerRevised, keys: confirmed, hasToken: true, isRevision: true });

  const first = inventKeys(random, at, 1, ReportType.confirmed);
  const more = inventKeys(random, at, 2, ReportType.confirmed);
  send(world, STATE, { at, keys: first, hasToken: false, isRevision: false });
  send(world, NATION, { at: T.importTroubles, keys: [...first, ...more], hasToken: false, isRevision: false });
}

function send(
  { runner, servers, ledger }: DoubleWorld,
  place: Place,
  { at, keys, hasToken, isRevision }: Errand,
): void {
  const region = place.regions[at % place.regions.length] ?? "";
  runner.at(at, `upload in ${place.name}`, (now) => {
    if (isRevision) ledger.revise(keys, now);
    else ledger.enter(keys, place.name, now);
    const signer: AuthorityKey = place.server === "nation" ? signerAt(now) : STEADY_SIGNER;
    servers[place.server].upload({ keys, region, hasToken, signer });
  });
}

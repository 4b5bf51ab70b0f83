// The phones of a world: made from the catalogue, polling at their rhythm, off when they are away.

import type { TrustedKey } from "../../archive/archive-types.ts";
import type { DeviceFetch } from "../../device/download.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import { nodePhoneTools } from "../../device/node-phone-tools.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import type { VirtualRunner } from "../../platform/jobs/virtual-runner.ts";
import type { SeededRandom } from "../../platform/random/seeded-random.ts";
import { hasLostByItself } from "../observe/lost-by-itself.ts";
import type { Carried, ObservedPhone } from "../observe/observed.ts";
import { recordPhone } from "../observe/record-phone.ts";
import { planTimes } from "./plan-times.ts";
import type { PlannedPhone, TreeName, WorldPlan } from "./world-plan.ts";

export interface TreeForPhones {
  readonly baseUrl: string;
  readonly seal: TrustedKey;
  readonly carries: readonly Carried[];
}

export interface WorldPhones {
  observe(): ObservedPhone[];
}

export function startPhones(
  plan: WorldPlan,
  trees: Readonly<Record<TreeName, TreeForPhones>>,
  fetchFor: (onStruck: () => void) => DeviceFetch,
  runner: VirtualRunner,
  random: SeededRandom,
): WorldPhones {
  const members = plan.phones.map((planned, at) => {
    const name = `${planned.kind} ${at}`;
    return startPhone(plan, planned, name, trees[planned.follows], fetchFor, runner, random.fork(name));
  });
  return { observe: () => members.map((observe) => observe()) };
}

function startPhone(
  plan: WorldPlan,
  planned: PlannedPhone,
  name: string,
  { baseUrl, seal, carries }: TreeForPhones,
  fetchFor: (onStruck: () => void) => DeviceFetch,
  runner: VirtualRunner,
  random: SeededRandom,
): () => ObservedPhone {
  const kind = kindOf(planned.kind);
  const location = { indexUrl: `${baseUrl}/index.txt`, baseUrl };
  const struck = { checks: 0 };
  const trustedKeys = [[seal]];
  const fetch = fetchFor(() => struck.checks++);
  const phone = kind.create({ name, ...location, trustedKeys, fetch, tools: nodePhoneTools });
  const { pollSeconds, away } = planned;
  const startsAt = plan.startsAt + random.integer(pollSeconds);
  const follows = { from: startsAt, ...location, roaming: [] };
  const { callsPerDay } = kind;
  const recorder = recordPhone(phone, {
    kind: kind.name,
    trustedKeys,
    pollSeconds,
    expects: carries,
    callsPerDay,
    follows,
  });
  if (away !== null) recorder.addAbsence(away.from, away.until);
  const { endsAt } = planTimes(plan);
  for (let time = startsAt; time <= endsAt; time += pollSeconds) {
    if (away !== null && away.from <= time && time < away.until) continue;
    runner.at(time, name, async (now) => {
      const before = struck.checks;
      await recorder.check(now, () => struck.checks > before);
    });
  }
  return () => {
    const observed = recorder.observe();
    return hasLostByItself(kind, observed) ? { ...observed, expects: [] } : observed;
  };
}

export function kindOf(name: string): PhoneKind {
  const kind = PHONE_KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new RangeError(`there is no kind of phones called ${name}`);
  return kind;
}

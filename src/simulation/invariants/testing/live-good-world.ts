// Lives through a world of correct servers and phones: a state, a nation, the content switch, hour by hour.

import { HOUR } from "../../../core/clock.ts";
import type { KnownPersonKey, Observed, ObservedTree } from "../../observe/observed.ts";
import type { GoodPerson, GoodPlan } from "./good-plan.ts";
import { hour, keyHexOf, makeObserved, placeOf, recordOf } from "./make-observed.ts";
import { createModelPhone } from "./model-phone.ts";
import { createModelStore } from "./model-store.ts";
import { createModelTree, type ModelTree } from "./model-tree.ts";

const PERIOD = 4;
const REST = 2;
/** Two exports with an import between them, and the mirror. */
const WAY_HOURS = 2 * (PERIOD + REST) + 3;

export function liveGoodWorld(plan: GoodPlan): Observed {
  const generated = new Set<string>();
  const trees = { client: grow(plan), second: grow(plan), national: grow(plan) };
  const stores = { state: createModelStore(), nation: createModelStore() };
  const keys = plan.people.flatMap((person, number) => keysOf(person, `person ${number}`));
  const phones = plan.phones.map((phone, number) => createModelPhone(`phone ${number}`, phone, plan.switchHour));
  let padded = 0;

  const exportWindow = (tree: ModelTree, place: "state" | "nation", end: number) => {
    const pad = (count: number) => {
      const made = Array.from({ length: Math.max(0, plan.minRecords - count) }, () => recordOf(`padding ${padded++}`));
      for (const record of made) {
        generated.add(record.slice(0, 32));
        stores[place].enter(record, end - 1);
      }
      return made;
    };
    const window = { start: hour(end - PERIOD), end: hour(end) };
    tree.append({ ...window, ...stores[place].keysOfWindow(end - PERIOD, end), pad }, hour(end + REST));
  };

  for (let now = 0; now <= plan.hours; now++) {
    for (const { key, releasedHour } of keys) {
      for (const state of key.states) {
        if (state.at !== hour(now)) continue;
        const store = stores[key.place === "state" ? "state" : "nation"];
        if (state === key.states[0]) store.enter(state.recordHex, releasedHour);
        else store.revise(state.recordHex, now);
      }
    }
    if (now >= PERIOD + REST && (now - REST) % PERIOD === 0) {
      exportWindow(trees.client, "state", now - REST);
      exportWindow(trees.second, "state", now - REST);
      exportWindow(trees.national, "nation", now - REST);
    }
    trees.second.tidy(hour(now));
    trees.national.tidy(hour(now));
    for (const { content } of trees.second.listed) stores.nation.take(content, now);
    if (now >= plan.switchHour) mirror(trees.national, trees.client, now);
    trees.client.tidy(hour(now));
    for (const phone of phones) phone.live(now, trees);
  }

  return makeObserved({
    endsAt: hour(plan.hours),
    trees: observeTrees(plan, trees),
    phones: phones.map((phone) => phone.observe()),
    keys: keys.map(({ key }) => key),
    generated,
    events: [{ at: hour(plan.switchHour), kind: "content-switched", tree: "client", source: "national" }],
    limits: {
      indexCacheSeconds: 300,
      listedWithinSeconds: WAY_HOURS * HOUR,
      heldWithinSeconds: (WAY_HOURS + 1) * HOUR,
    },
  });
}

function grow({ retentionHours }: GoodPlan): ModelTree {
  return createModelTree(retentionHours * HOUR);
}

function keysOf(
  { place, entersHour, releasedAfterHours, keys, revision }: GoodPerson,
  name: string,
): { readonly key: KnownPersonKey; readonly releasedHour: number }[] {
  return Array.from({ length: keys }, (_, number) => {
    const word = `${name}, key ${number}`;
    const at = hour(entersHour);
    const original = { at, recordHex: recordOf(word, revision === null ? "confirmed" : "likely"), revoked: false };
    const later =
      revision === null
        ? []
        : [
            {
              at: hour(entersHour + revision.afterHours),
              recordHex: recordOf(word, revision.to),
              revoked: revision.to === "revoked",
            },
          ];
    const releasedHour = entersHour + releasedAfterHours;
    const states = [original, ...later];
    return {
      key: { keyHex: keyHexOf(word), place, enteredAt: at, releasedAt: hour(releasedHour), states, excused: false },
      releasedHour,
    };
  });
}

/** All that the source lists becomes one archive; what is known here is left out. */
function mirror(source: ModelTree, tree: ModelTree, now: number): void {
  const contents = source.listed.map(({ content }) => content);
  const [first] = contents;
  if (first === undefined) return;
  tree.append(
    {
      start: Number(first.start),
      end: Number(contents.at(-1)?.end),
      primaries: contents.flatMap(({ primaries }) => primaries),
      revised: contents.flatMap(({ revised }) => revised),
    },
    hour(now),
  );
}

function observeTrees(
  { switchHour, minRecords }: GoodPlan,
  trees: Record<"client" | "second" | "national", ModelTree>,
): ObservedTree[] {
  const state = { place: "state", from: hour(0) };
  const nation = { place: "nation", from: hour(0) };
  const facts = (name: string) => ({ name, ...placeOf(name), minRecords });
  return [
    trees.client.observe({
      ...facts("client"),
      mirrors: ["national"],
      carries: [state, { ...nation, from: hour(switchHour) }],
    }),
    trees.second.observe({ ...facts("second"), role: "second", carries: [state] }),
    trees.national.observe({ ...facts("national"), role: "national", carries: [state, nation] }),
  ];
}

// `enks simulate`: lives through random worlds and says which invariants break; needs no server.

import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import { BREAKS } from "../simulation/breaks/breaks.ts";
import { findBreak, runBreak } from "../simulation/breaks/run-break.ts";
import { FAULT_LEVELS } from "../simulation/worlds/draw-faults.ts";
import { exploreWorlds } from "../simulation/worlds/explore-worlds.ts";
import { endOnSignal } from "./end-on-signal.ts";
import { tellNames } from "./options/suggest-names.ts";
import { jsonText } from "./output/plain-text.ts";
import { endWithCode, REFUSED } from "./server-command.ts";
import { renderBreak, renderBreaks } from "./simulate/render-break.ts";
import { renderExploration } from "./simulate/render-exploration.ts";
import { exploreOptionsFrom, invalid, type SimulateFlags } from "./simulate/simulate-options.ts";
import { createSimulationProgress } from "./simulate/simulation-progress.ts";
import type { Surroundings, Terminal } from "./surroundings.ts";

interface Flags extends SimulateFlags {
  readonly break?: string | true;
  readonly json?: true;
}

/** Adds `simulate`; it ends with 0, with 1 when an invariant is broken, with 2 when misused. */
export function addSimulateCommand(program: Command, { terminal }: Pick<Surroundings, "terminal">): void {
  program
    .command("simulate")
    .description("simulate random worlds of servers, phones and faults, and check the invariants")
    .option("--runs <n>", "how many worlds to live through", "100")
    .option("--seed <n>", "seed of the first world; each further one counts up", "1")
    .option("--faults <level>", `how much goes wrong: ${FAULT_LEVELS.join(", ")}`, "many")
    .option("--days <n>", "for how many days people report, at most", "1.5")
    .option("--phones <n>", "how many phones a world has, at most", "6")
    .option("--only <parts>", "only this part of one world, as a broken one prints it: hours=12,phones=0,faults=2", "")
    .option("--shrink <n>", "how many smaller worlds to try for a broken one", "40")
    .option("--threads <n>", "worlds at once (one for each core)")
    .option("--postgres <url>", "use this PostgreSQL server, in schemas of its own, instead of embedded databases")
    .option("--break [name]", "run a known defect that an invariant must notice; without a name, list them")
    .option("--json", "print one JSON document, for programs; errors too")
    .action((flags: Flags) =>
      endWithCode(async () => {
        const isGood =
          flags.break === undefined
            ? await explore(flags, terminal)
            : await showBreak(flags.break, flags.json === true, terminal);
        return isGood ? 0 : REFUSED;
      }),
    );
}

/** Whether every invariant held. */
async function explore(flags: Flags, terminal: Terminal): Promise<boolean> {
  const options = exploreOptionsFrom(flags);
  const isJson = flags.json === true;
  const progress = createSimulationProgress(terminal, options.runs);
  endOnSignal(() => progress.end());
  const startedAt = performance.now();
  const found = await exploreWorlds({ ...options, onProgress: (sums) => progress.show(sums) });
  progress.end();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  if (isJson) {
    const sums = { ...found, faults: Object.fromEntries(found.faults), deathsAt: Object.fromEntries(found.deathsAt) };
    terminal.write(jsonText(sums));
  } else {
    const { faults, days, phones } = flags;
    const repeatWith = [`--faults ${faults}`, `--days ${days}`, `--phones ${phones}`];
    const verdict = found.broken.length === 0 ? "Every invariant held" : "Something is wrong";
    const tables = renderExploration(found, repeatWith, terminal.screen()?.columns);
    terminal.write(`${tables}\n  ${verdict}, after ${seconds} s.\n\n`);
  }
  return found.broken.length === 0;
}

/** Good means here that the defect was noticed, which is bad news: so it ends as a broken invariant does. */
async function showBreak(name: string | true, isJson: boolean, terminal: Terminal): Promise<boolean> {
  if (name === true) {
    terminal.write(isJson ? jsonText(BREAKS) : renderBreaks(BREAKS, terminal.screen()?.columns));
    return true;
  }
  const wanted = findBreak(name);
  if (wanted === null) {
    const known = BREAKS.map((one) => one.name);
    throw invalid(`--break takes no "${name}"; ${tellNames(name, known)}`);
  }
  const { violations } = await runBreak(wanted);
  const broken = violations.map(({ invariant, violation }) => ({
    id: invariant.id,
    rule: invariant.rule,
    ...violation,
  }));
  terminal.write(isJson ? jsonText({ break: wanted, broken }) : renderBreak(wanted, violations));
  return violations.length === 0;
}

// One line that moves while worlds are lived through; a line now and then where the output is no terminal.

import type { WriteStream } from "node:tty";
import type { Exploration } from "../../simulation/worlds/exploration.ts";

type Output = Pick<WriteStream, "write"> & { readonly isTTY?: boolean };

const BAR_WIDTH = 24;
/** Without a terminal the progress is told in so many steps. */
const PLAIN_STEPS = 10;

export interface SimulationProgress {
  show(found: Exploration): void;
  end(): void;
}

export function createSimulationProgress(output: Output, runs: number): SimulationProgress {
  let plainSteps = 0;
  let isShown = false;
  return {
    show(found) {
      const line = lineOf(found, runs);
      if (output.isTTY === true) {
        output.write(`\r\u001B[2K${line}`);
        isShown = true;
        return;
      }
      const steps = Math.floor((found.tried / runs) * PLAIN_STEPS);
      if (steps <= plainSteps) return;
      plainSteps = steps;
      output.write(`${line}\n`);
    },
    end() {
      if (isShown) output.write("\n");
    },
  };
}

function lineOf(found: Exploration, runs: number): string {
  const { tried, keys, checks, deaths, broken } = found;
  const filled = Math.min(BAR_WIDTH, Math.round((tried / runs) * BAR_WIDTH));
  const struck = [...found.faults.values()].reduce((sum, { times }) => sum + times, 0);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
  return `  ${bar} ${tried}/${runs} worlds  ${keys} keys  ${checks} checks  ${struck} faults  ${deaths} deaths  ${broken.length} broken`;
}

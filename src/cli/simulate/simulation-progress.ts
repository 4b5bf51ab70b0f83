// One line that moves while worlds are lived through; a line now and then where errors appear on no screen.

import type { Exploration } from "../../simulation/worlds/exploration.ts";
import { fitLine } from "../output/fit-line.ts";
import type { Terminal } from "../surroundings.ts";

const BAR_WIDTH = 24;
/** Without a screen the progress is told in so many steps. */
const PLAIN_STEPS = 10;
const USUAL_COLUMNS = 80;

export interface SimulationProgress {
  show(found: Exploration): void;
  end(): void;
}

export function createSimulationProgress(terminal: Terminal, runs: number): SimulationProgress {
  let plainSteps = 0;
  let isShown = false;
  return {
    show(found) {
      const line = lineOf(found, runs);
      if (terminal.hasErrorScreen) {
        // A line that wraps could not be written over.
        const columns = terminal.screen()?.columns ?? USUAL_COLUMNS;
        terminal.writeError(`\r\u001B[2K${fitLine(line, columns - 1)}`);
        isShown = true;
        return;
      }
      const steps = Math.floor((found.tried / runs) * PLAIN_STEPS);
      if (steps <= plainSteps) return;
      plainSteps = steps;
      terminal.writeError(`${line}\n`);
    },
    end() {
      if (isShown) terminal.writeError("\n");
      isShown = false;
    },
  };
}

function lineOf(found: Exploration, runs: number): string {
  const { tried, keys, checks, deaths, broken } = found;
  const filled = Math.min(BAR_WIDTH, Math.round((tried / runs) * BAR_WIDTH));
  const struck = [...found.faults.values()].reduce((sum, { times }) => sum + times, 0);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}`;
  return `  ${bar} ${tried}/${runs} worlds  ${broken.length} broken  ${keys} keys  ${checks} checks  ${struck} faults  ${deaths} deaths`;
}

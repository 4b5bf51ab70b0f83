// Sequences of commands put to a world and to a small model of it: after each the two have to agree.

import * as fc from "fast-check";

export type Command<Model extends object, World> = fc.AsyncCommand<Model, World>;

/** What a command is called, when it makes sense, and what it does to both. */
export interface Step<Model extends object, World> {
  readonly name: string;
  readonly may?: (model: Readonly<Model>) => boolean;
  readonly take: (model: Model, world: World) => Promise<void>;
}

export function command<Model extends object, World>(step: Step<Model, World>): Command<Model, World> {
  return {
    check: (model) => step.may?.(model) ?? true,
    run: (model, world) => step.take(model, world),
    toString: () => step.name,
  };
}

export interface Life<Model extends object, World> {
  /** A new world each time, closed with `close`. */
  readonly begin: () => Promise<{ readonly model: Model; readonly real: World; readonly close: () => Promise<void> }>;
  readonly commands: readonly fc.Arbitrary<Command<Model, World>>[];
  /** After the last command: the world comes to rest, and all has to be there. */
  readonly end: (model: Model, world: World) => Promise<void>;
  readonly runs: number;
  readonly mostCommands: number;
}

/** Lives through random sequences; what fast-check answers for one that fails is shrunk, and has its seed and path. */
export async function liveThrough<Model extends object, World>(life: Life<Model, World>): Promise<void> {
  const sequences = fc.commands([...life.commands], { maxCommands: life.mostCommands, size: "max" });
  const property = fc.asyncProperty(sequences, async (commands) => {
    const { model, real, close } = await life.begin();
    try {
      await fc.asyncModelRun(() => ({ model, real }), commands);
      await life.end(model, real);
    } finally {
      await close();
    }
  });
  await fc.assert(property, { numRuns: life.runs });
}

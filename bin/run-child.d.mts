// What the launchers run in their own place.

import type { SpawnOptions } from "node:child_process";

export function runChild(program: string, args: readonly string[], options?: Omit<SpawnOptions, "stdio">): void;

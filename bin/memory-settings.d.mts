// What the launchers put into the environment of a process of enks.

export declare const MEMORY_SETTINGS: Readonly<Record<string, string>>;

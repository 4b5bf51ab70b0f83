// What the launchers give to a process of enks.

export declare const MEMORY_SETTINGS: Readonly<Record<string, string>>;
export declare const MEMORY_FLAGS: readonly string[];

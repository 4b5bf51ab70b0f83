// How a process of enks asks for memory: what the launchers put into its environment. Plain JavaScript for any Node from 20 on.

/**
 * An archive comes and goes as a few arrays of many megabytes. By default glibc soon keeps such blocks for itself, and
 * in one pool for each thread, so that a server would need a quarter more memory after ten archives than after the first
 * one. With these it gives them back at once. Other C libraries pass over them; what is set already stays.
 */
export const MEMORY_SETTINGS = { MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_ARENA_MAX: "2" };

/** Node's: after a large archive the program has its garbage collected at once. */
export const MEMORY_FLAGS = ["--expose-gc"];

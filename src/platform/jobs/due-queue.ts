// What is due when: a binary heap that gives the earliest first and keeps the order of addition among equals.

import type { UnixSeconds } from "../../core/clock.ts";

export interface DueQueue<Item> {
  add(dueAt: UnixSeconds, item: Item): void;
  /** The earliest entry, left in place. */
  first(): { readonly dueAt: UnixSeconds; readonly item: Item } | undefined;
  /** Takes the earliest entry out. */
  take(): { readonly dueAt: UnixSeconds; readonly item: Item } | undefined;
}

interface Entry<Item> {
  readonly dueAt: UnixSeconds;
  readonly addition: number;
  readonly item: Item;
}

export function createDueQueue<Item>(): DueQueue<Item> {
  const heap: Entry<Item>[] = [];
  let additions = 0;

  /** Whether the entry at `a` comes before the one at `b`; a place beyond the end comes last. */
  function isEarlier(a: number, b: number): boolean {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return left !== undefined;
    return left.dueAt < right.dueAt || (left.dueAt === right.dueAt && left.addition < right.addition);
  }

  function swap(a: number, b: number): void {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  }

  function rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isEarlier(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(from: number): void {
    for (let at = from; ; ) {
      const child = isEarlier(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1;
      if (!isEarlier(child, at)) return;
      swap(at, child);
      at = child;
    }
  }

  return {
    add(dueAt, item) {
      heap.push({ dueAt, addition: additions++, item });
      rise(heap.length - 1);
    },
    first: () => heap[0],
    take() {
      swap(0, heap.length - 1);
      const earliest = heap.pop();
      sink(0);
      return earliest;
    },
  };
}

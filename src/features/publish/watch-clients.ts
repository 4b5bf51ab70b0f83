// Notices a proxy in front that is not among the trusted ones: all phones behind it share the limit of one address.

export interface ClientWatch {
  /** What the latest requests look like; null while that is as it should be, or not known yet. */
  note(client: { readonly address: string; readonly isForwardUnread: boolean }): ClientTrouble | null;
}

export type ClientTrouble =
  /** Most requests name their client in X-Forwarded-For, and come from an address whose word is not taken. */
  | "forwarded_by_untrusted"
  /** Nearly all requests come from one address. */
  | "one_address";

/** Judged together; what strangers send alone does not raise an alarm. */
export const JUDGED = 100;
const NEARLY_ALL = 0.95;

/** In bounded memory: it forgets after each judgement. Addresses are compared, and never told. */
export function createClientWatch(): ClientWatch {
  let byAddress = new Map<string, number>();
  let unread = 0;
  let seen = 0;
  return {
    note({ address, isForwardUnread }) {
      byAddress.set(address, (byAddress.get(address) ?? 0) + 1);
      if (isForwardUnread) unread++;
      if (++seen < JUDGED) return null;
      const trouble = judge(Math.max(...byAddress.values()), unread);
      byAddress = new Map();
      unread = 0;
      seen = 0;
      return trouble;
    },
  };
}

function judge(mostOfOne: number, unread: number): ClientTrouble | null {
  if (unread > JUDGED / 2) return "forwarded_by_untrusted";
  return mostOfOne >= JUDGED * NEARLY_ALL ? "one_address" : null;
}

// What the script of a world did, besides letting servers and phones go on: the events that some invariants speak of.

import type { UnixSeconds } from "../../core/clock.ts";

export type WorldEvent = { readonly at: UnixSeconds } & (
  | /** `tree` begins to carry the archives of `source`. */ {
      readonly kind: "content-switched";
      readonly tree: string;
      readonly source: string;
    }
  | /** From now on `tree` is published under another seal. */ {
      readonly kind: "seal-switched";
      readonly tree: string;
    }
  | /** Phones that follow `tree` have to begin at its first line: its address or everything in it has changed. */ {
      readonly kind: "restart-forced";
      readonly tree: string;
    }
  | /** An update of the app sends its phone from one tree to another. */ {
      readonly kind: "app-updated";
      readonly phone: string;
      readonly from: string;
      readonly to: string;
    }
  | /** The phones of `tree` get another trusted key, one after the other until `until`. */ {
      readonly kind: "trust-rolled-out";
      readonly tree: string;
      readonly until: UnixSeconds;
    }
  | /** The exporter that feeds `tree` is ended. */ { readonly kind: "exporter-ended"; readonly tree: string }
  | /** `place` takes no uploads any more. */ { readonly kind: "uploads-ended"; readonly place: string }
  | /** `tree` is taken off the network. */ { readonly kind: "switched-off"; readonly tree: string }
  | /** Somebody asked for the index of `tree`, from a version of the app that is supported. */ {
      readonly kind: "index-requested";
      readonly tree: string;
      readonly phone: string;
    }
);

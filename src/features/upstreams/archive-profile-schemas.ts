// What the admin API takes and answers about archives that a server makes in its own way.

import { Type } from "typebox";

export const otherEntries = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: 20,
  description: "Zip entries allowed beside the two of the format.",
});

export const onsetCodes = Type.Boolean({
  description:
    "Whether days since onset beyond 14 are read as unknown, as codes of another scale; else the key is refused.",
});

export const batchParts = Type.Boolean({
  description: "Whether archives are taken that say they are one part of several.",
});

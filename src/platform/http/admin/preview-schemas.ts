// What a preview of a change answers, whatever the change is about.

import { type Static, Type } from "typebox";
import { CLOSED, instant } from "./admin-schemas.ts";

export const EFFECT_WEIGHTS = ["stays", "changes", "loses"] as const;

const effectSchema = Type.Object(
  {
    who: Type.String({ description: "Phones of a kind, an export, a mirror." }),
    from: Type.Union([instant, Type.Null()], { description: "From when on; null: at once." }),
    what: Type.String({ description: "What becomes of them." }),
    weight: Type.Enum([...EFFECT_WEIGHTS], { description: "loses: keys that somebody never gets, or gets late." }),
  },
  { ...CLOSED, title: "Effect" },
);
export type Effect = Static<typeof effectSchema>;

const doubtSchema = Type.Object(
  {
    name: Type.String({ description: "To be named in the body of the change where it is meant." }),
    why: Type.String(),
  },
  { ...CLOSED, title: "Doubt" },
);

export const previewSchema = Type.Object(
  {
    effects: Type.Array(effectSchema),
    doubts: Type.Array(doubtSchema, { description: "The change is refused until its body names each of them." }),
  },
  { ...CLOSED, title: "Preview" },
);
export type PreviewBody = Static<typeof previewSchema>;

// The catalogue of phones in the field, as far as they can follow a text index of archives of our form (DB 1-5, 8).

import { ANDROID_KINDS } from "./android-kinds.ts";
import { IOS_KINDS } from "./ios-kinds.ts";
import type { PhoneKind } from "./phone-kind.ts";

export const PHONE_KINDS: readonly PhoneKind[] = [...ANDROID_KINDS, ...IOS_KINDS];

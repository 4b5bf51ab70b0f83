// The refusal of settings that no location can have.

import { CodedError } from "../../core/coded-error.ts";
import type { LocationErrorCode } from "./location-types.ts";

export function invalid(message: string, remedy?: string): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_settings_invalid",
    message,
    remedy === undefined ? {} : { remedy },
  );
}

// The one error class: a stable code to switch on, a sentence for people, the remedy where there is one.

export interface CodedErrorDetails {
  /** What the receiver can do about it, as a sentence. */
  readonly remedy?: string;
  /** What caused it; kept for logs, never shown to clients. */
  readonly cause?: unknown;
}

/** An expected failure. `code` is stable and documented in docs/errors.md; `message` may change. */
export class CodedError<Code extends string = string> extends Error {
  override readonly name = "CodedError";
  readonly code: Code;
  readonly remedy: string | undefined;

  constructor(code: Code, message: string, details: CodedErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.remedy = details.remedy;
  }
}

/** The code of a CodedError, or undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof CodedError ? error.code : undefined;
}

// Holds an answer against the OpenAPI document of the server that gave it.

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Answers the body; throws where the answer is not what the document says of this operation. */
export type CheckAnswer = (method: string, path: string, response: Response, text: string) => unknown;

interface ResponseDescription {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: object }>>;
  /** None: the answer has no body. */
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, ResponseDescription | { readonly $ref: string }>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses?: Readonly<Record<string, ResponseDescription>> };
}

/** How a request is refused that the document does not describe. */
export interface Undescribed {
  /** The component that describes the body. */
  readonly schema: string;
  readonly statuses: ReadonlyMap<string, number>;
}

const IN_ADMIN_API: Undescribed = {
  schema: "Refusal",
  statuses: new Map([
    ["path_unknown", 404],
    ["method_not_allowed", 405],
    ["token_missing", 401],
    ["token_unknown", 401],
    ["token_expired", 401],
    ["token_revoked", 401],
    ["request_malformed", 400],
    ["body_not_allowed", 413],
  ]),
};

/** By the document's text: most servers of a test file serve the same. */
const checks = new Map<string, CheckAnswer>();

export async function loadAnswerCheck(url: string): Promise<CheckAnswer> {
  const response = await fetch(`${url}/v1/openapi.json`);
  if (response.status !== 200) throw new Error(`the OpenAPI document is answered with ${response.status}`);
  const text = await response.text();
  return checks.getOrInsertComputed(text, () => createAnswerCheck(JSON.parse(text) as ApiDocument));
}

export function createAnswerCheck(document: ApiDocument, undescribed = IN_ADMIN_API): CheckAnswer {
  const requireFit = createFitCheck(document);
  return (method, asked, response, text) => {
    const what = `${method} ${asked}: ${response.status} ${text}`;
    const operation = findOperation(document, method, asked);
    if (operation === undefined) return checkUndescribed(what, response, text, undescribed, requireFit);

    const described = findResponse(document, operation, response.status);
    if (described === undefined) throw new Error(`${what} has a status that the API's document does not have there`);
    for (const [name, { required = false, schema }] of Object.entries(described.headers ?? {})) {
      const value = response.headers.get(name);
      if (value === null && required) throw new Error(`${what} has no ${name}`);
      if (value !== null) requireFit(`${what}, ${name}`, schema, value);
    }
    if (described.content === undefined && text === "") return null;
    const type = /^[^;]*/.exec(response.headers.get("content-type") ?? "")?.[0] ?? "";
    const content = described.content?.[type];
    if (content === undefined) throw new Error(`${what} has the type ${type}`);
    const body: unknown = type === "application/json" ? JSON.parse(text) : text;
    requireFit(what, content.schema, body);
    return body;
  };
}

type FitCheck = (what: string, schema: object, value: unknown) => void;

function createFitCheck(document: ApiDocument): FitCheck {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  addFormats.default(ajv);
  // Where the references in the schemas lead; no schema by itself.
  ajv.addVocabulary(["components"]);
  const compiled = new Map<string, ValidateFunction>();
  return (what, schema, value) => {
    const whole = { allOf: [schema], components: document.components };
    const validate = compiled.getOrInsertComputed(JSON.stringify(schema), () => ajv.compile(whole));
    if (!validate(value))
      throw new Error(`${what} does not fit the API's document: ${ajv.errorsText(validate.errors)}`);
  };
}

function findOperation(document: ApiDocument, method: string, asked: string): Operation | undefined {
  const path = asked.replace(/\?.*$/, "");
  const found = Object.entries(document.paths).find(([template]) => patternOf(template).test(path));
  return found?.[1][method.toLowerCase()];
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}

function findResponse(document: ApiDocument, operation: Operation, status: number): ResponseDescription | undefined {
  const response = operation.responses[String(status)];
  if (response === undefined || !("$ref" in response)) return response;
  return document.components.responses?.[response.$ref.replace("#/components/responses/", "")];
}

/** A path or method that the document does not have can only be refused. */
function checkUndescribed(
  what: string,
  response: Response,
  text: string,
  { schema, statuses }: Undescribed,
  requireFit: FitCheck,
): unknown {
  const body: unknown = JSON.parse(text);
  requireFit(what, { $ref: `#/components/schemas/${schema}` }, body);
  const { code } = body as { code: string };
  if (statuses.get(code) !== response.status) throw new Error(`${what} is not what the API's document has`);
  return body;
}

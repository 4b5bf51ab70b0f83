// Marks such as "KS 1.4" and "DB I10": where texts cite rules, and which rules docs/reference has.

/** One mark: the sheet, and the section or the letter and number within it. */
export interface Citation {
  readonly sheet: string;
  readonly mark: string;
}

const MARK = String.raw`(?:[EFIJMPRX]\d{1,2}|\d{1,2}(?:\.\d{1,2})?)(?!\w)`;
/** A blank, or the end of a line of a comment and the beginning of the next. */
const BLANK = String.raw`(?: |\s*\n[ \t]*(?:\*|//|--|#)?[ \t]*)`;
const JOINT = `(?:,${BLANK}(?:and${BLANK})?|${BLANK}and${BLANK}|${BLANK}to${BLANK}|-)`;
const CITED = new RegExp(String.raw`\b(KS|DB|OS)${BLANK}(${MARK}(?:${JOINT}${MARK})*)`, "g");
const NEXT = new RegExp(`(${JOINT}|^)(${MARK})`, "g");

/** Every mark that `text` cites: of lists each, of ranges all between. */
export function citationsIn(text: string): Citation[] {
  return [...text.matchAll(CITED)].flatMap(([, sheet = "", list = ""]) => {
    let before = "";
    return [...list.matchAll(NEXT)].flatMap(([, joint = "", mark = ""]) => {
      const marks = /-|to/.test(joint) ? marksUpTo(before, mark) : [mark];
      before = mark;
      return marks.map((one) => ({ sheet, mark: one }));
    });
  });
}

/** The marks behind `first` up to `last`; only `last` where they are of different kinds. */
function marksUpTo(first: string, last: string): string[] {
  const [from, to] = [inParts(first), inParts(last)];
  if (from.kind !== to.kind) return [last];
  return Array.from({ length: Math.max(1, to.number - from.number) }, (_, at) => {
    const isLast = at >= to.number - from.number - 1;
    return isLast ? last : `${from.kind}${from.number + 1 + at}`;
  });
}

function inParts(mark: string): { kind: string; number: number } {
  const kind = mark.replace(/\d+$/, "");
  return { kind, number: Number(mark.slice(kind.length)) };
}

/** The anchor in docs/reference: `ks-1-4` for "KS 1.4", `db-i10` for "DB I10". */
export function anchorOf({ sheet, mark }: Citation): string {
  return `${sheet}-${mark}`.toLowerCase().replace(".", "-");
}

/** The anchors that a page of docs/reference sets, in their order. */
export function anchorsIn(page: string): string[] {
  return [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = ""]) => id);
}

/** "path: KS 1.4" for each mark of `texts`, text by path, that none of `anchors` explains. */
export function danglingCitations(texts: ReadonlyMap<string, string>, anchors: ReadonlySet<string>): string[] {
  return [...texts].flatMap(([path, text]) =>
    citationsIn(text)
      .filter((citation) => !anchors.has(anchorOf(citation)))
      .map(({ sheet, mark }) => `${path}: ${sheet} ${mark}`),
  );
}

/** Labels such as `[export/worker.go:541-589]` of a page: those without an address, and addresses without a label. */
export function unresolvedLabels(page: string): string[] {
  const addresses = [...page.matchAll(/^\[([^\]]+)\]: \S+$/gm)].map(([, label = ""]) => label);
  const prose = page.replaceAll(/^\[[^\]]+\]: \S+$/gm, "").replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  const labels = [
    ...[...prose.matchAll(/\[([^[\]]+:\d+(?:-\d+)?)\]/g)].map(([, label = ""]) => label),
    ...[...prose.matchAll(/\]\[([^[\]]+)\]/g)].map(([, label = ""]) => label),
  ];
  return [
    ...labels.filter((label) => !addresses.includes(label)),
    ...addresses.filter((label) => !labels.includes(label)),
  ];
}

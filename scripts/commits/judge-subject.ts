// What a commit's subject has to be: `area: change`, at most 72 characters.

export const LONGEST_SUBJECT = 72;

const AREA = String.raw`[a-z][\w./-]*`;
const FORM = new RegExp(String.raw`^${AREA}(?:, ${AREA})*: \S`);

/** What is wrong with a subject; null: nothing. Git's own subjects of reverts are good. */
export function subjectProblem(subject: string): string | null {
  if (subject.startsWith('Revert "')) return null;
  const { length } = subject;
  if (length > LONGEST_SUBJECT) return `has ${length} characters; the limit is ${LONGEST_SUBJECT}`;
  return FORM.test(subject) ? null : "is not `area: change`, with the area in lower case";
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu;
const CUT_BEHIND = 500;

/** Text of a file as it may stand in a message: what a terminal would act on is written out, and it is not long. */
export function visible(text: string): string {
  const shown = text.slice(0, CUT_BEHIND).replaceAll(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  const isWhole = text.length <= CUT_BEHIND && shown.length <= CUT_BEHIND;
  return isWhole ? shown : `${shown.slice(0, CUT_BEHIND)}…`;
}

/** Control characters, lone surrogates, and the two separators that end a line somewhere and nowhere else. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * What leaves no mark: what Unicode lets a program ignore (joiners, direction and byte order marks, fillers, variation
 * selectors), what it has not given a meaning, and the blanks that it counts as symbols: Braille without a dot, the stand-in
 * for an object, a note without a head.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cn}\p{Co}\u2800\uFFFC\u{1D159}]/u;

/** How Persian, the scripts of India and joined emoji are written: a joiner between two of their characters. */
const JOINED =
  /(?<=[\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D](?=[\p{Lo}\p{M}\p{Extended_Pictographic}])/gu;

/** Where it makes a sign an emoji: after one that is text without it, and in a keycap. */
const EMOJI_STYLE =
  /(?<=(?!\p{Emoji_Presentation})\p{Extended_Pictographic})\uFE0F|(?<=[0-9#*])\uFE0F(?=\u20E3)/gu;

/** More marks on one character than any language writes: they cover the lines around it. */
const PILED_UP = /\p{M}{5}/u;

/** Whether a text shows everything that it is: what two people read as the same, or in another order than it has, misleads them. */
export const shows = (text: string): boolean =>
  !UNPRINTABLE.test(text) &&
  !PILED_UP.test(text) &&
  !INVISIBLE.test(text.replaceAll(JOINED, '').replaceAll(EMOJI_STYLE, ''));

const TOO_MANY_MARKS = /(?<=\p{M}{4})\p{M}+/gu;
const HIDDEN =
  /[\p{Cc}\p{Cs}\u2028\u2029\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cn}\p{Co}\u2800\uFFFC\u{1D159}]/gu;

const writtenOut = (text: string): string =>
  [...text].map((one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`).join('');

/** A text that cannot be refused, because it is there: what would not show in it is written out, as `\u{202E}`. */
export function showing(text: string): string {
  if (shows(text)) return text;
  const bare = text.replace(TOO_MANY_MARKS, writtenOut);
  const meant = new Set(
    [JOINED, EMOJI_STYLE].flatMap((some) => [...bare.matchAll(some)].map(({ index }) => index)),
  );
  const kept = bare.replace(HIDDEN, (one, at: number) => (meant.has(at) ? one : writtenOut(one)));
  // One that was meant may have leant on another that was not.
  return shows(kept) ? kept : bare.replace(HIDDEN, writtenOut);
}

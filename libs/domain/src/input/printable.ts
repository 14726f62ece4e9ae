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

/** Control characters, lone surrogates, and the two separators that end a line somewhere and nowhere else. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** What leaves no mark: joiners, direction marks, byte order marks, soft hyphens, and what Unicode has not given a meaning. */
export const INVISIBLE = /[\p{Cf}\p{Cn}\p{Co}\u115F\u1160\u3164\uFFA0]/u;

/** How Persian, the scripts of India and joined emoji are written: a joiner between two of their characters. */
const JOINED =
  /(?<=[\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D](?=[\p{Lo}\p{M}\p{Extended_Pictographic}])/gu;

/** Whether a text shows everything that it is: what two people read as the same, or in another order than it has, misleads them. */
export const shows = (text: string): boolean =>
  !UNPRINTABLE.test(text) && !INVISIBLE.test(text.replaceAll(JOINED, ''));

/** Control characters, lone surrogates, and the two separators that end a line somewhere and nowhere else. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** Control characters, lone surrogates, and the two separators that end a line somewhere and nowhere else. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** What leaves no mark: joiners, direction marks, byte order marks, soft hyphens, and what Unicode has not given a meaning. */
export const INVISIBLE = /[\p{Cf}\p{Cn}\p{Co}\u115F\u1160\u3164\uFFA0]/u;

/**
 * What a monitor shouts at. SPLIT_VIEW: two signed trees, of two places, of which neither is the beginning of the other. SHRUNK: a
 * place serves a smaller tree than it did. REWRITTEN: what was in the tree, or is, is not what was hashed. WRONG_KEY: no key that is
 * trusted signed. STALE: nothing new for too long. WRONG_ANSWER: what is served is in no format, too long, cut off, or not of the tree
 * that was signed. UNREACHABLE: a place did not answer.
 */
export const FINDINGS = [
  'SPLIT_VIEW',
  'SHRUNK',
  'REWRITTEN',
  'WRONG_KEY',
  'STALE',
  'WRONG_ANSWER',
  'UNREACHABLE',
] as const;
export type FindingCode = (typeof FINDINGS)[number];

/** Something is not as it must be with a log that is watched. */
export class Finding extends Error {
  override readonly name = 'Finding';

  constructor(
    readonly code: FindingCode,
    message: string,
    /** Where it was seen: a URL. */
    readonly at: string,
    /** The signed notes that show it: who has them can show it to others. */
    readonly evidence: readonly string[] = [],
  ) {
    super(message);
  }
}

/**
 * What can be wrong with something that claims to be proved. MALFORMED: not in its format. UNTRUSTED: signed by nobody who is
 * trusted, or by too few. FORGED: a signature does not verify. NOT_INCLUDED: the path does not lead from the entry to the root.
 * INCONSISTENT: one tree is not the beginning of the other. OTHER_LOG: a checkpoint of another log. OTHER_BYTES: bytes are not
 * those that were committed to. NOT_ON_CHAIN: the chain's own proof does not hold. OTHER_BLOCK: it holds, of no block that is trusted.
 */
export const PROOF_FAULTS = [
  'MALFORMED',
  'UNTRUSTED',
  'FORGED',
  'NOT_INCLUDED',
  'INCONSISTENT',
  'OTHER_LOG',
  'OTHER_BYTES',
  'NOT_ON_CHAIN',
  'OTHER_BLOCK',
] as const;
export type ProofFault = (typeof PROOF_FAULTS)[number];

/** Something that is to be believed does not prove itself. Nothing of what it says may be used. */
export class ProofError extends Error {
  override readonly name = 'ProofError';

  constructor(
    readonly fault: ProofFault,
    message: string,
    /** Where in what was given. */
    readonly at: string | null = null,
  ) {
    super(message);
  }
}

export function malformed(message: string, at: string | null = null): ProofError {
  return new ProofError('MALFORMED', message, at);
}

/** What comes of an accepted branch that is not taken over, as OperationFailed tells it. */
interface ReorgFailure {
  readonly code: string;
  readonly reason: string;
}

/** A provider has the branch that we have again: there is no other one to accept. */
export const REORG_GONE = {
  code: 'REORG_GONE',
  reason: 'A provider has our branch again: nothing was taken back',
} as const satisfies ReorgFailure;

export const REORG_WITHDRAWN = {
  code: 'REORG_WITHDRAWN',
  reason: 'An operator decided to wait instead',
} as const satisfies ReorgFailure;

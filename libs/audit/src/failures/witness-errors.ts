import { AblandError, type FailureClass } from '@abland/kernel';

/** A witness cannot be reached, does not answer in time, or says that it cannot now. */
export class WitnessAwayError extends AblandError {
  readonly code = 'WITNESS_AWAY';
  override readonly failureClass = 'LATER';
}

/** A witness does not take our checkpoints: it does not know the log or its key, or says that they contradict what it saw. */
export class WitnessRefusedError extends AblandError {
  readonly code = 'WITNESS_REFUSED';
}

/** What a witness answered is no cosignature of the key that we know it by. */
export class WitnessAnswerError extends AblandError {
  readonly code = 'WITNESS_ANSWER_WRONG';
}

/** A witness cosigned a larger tree than ours: where it is not one that is being asked about just now, our log went back. */
export class WitnessAheadError extends AblandError {
  readonly code = 'WITNESS_AHEAD';
  override readonly failureClass: FailureClass;

  constructor(known: number, size: number, treeSize: number) {
    super('The witness has seen a larger tree of this log', { known, size, treeSize });
    this.failureClass = known > treeSize ? 'WRONG' : 'LATER';
  }
}

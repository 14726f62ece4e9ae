import { AblandError } from '@abland/kernel';

/** A journal written by a later version of this program; nothing of it was touched. */
export class JournalVersionError extends AblandError {
  readonly code = 'CHAIN_JOURNAL_NEWER_VERSION';
  constructor(path: string, found: number, supported: number) {
    super(`${path} has journal format ${found}; this version reads up to ${supported}`, {
      path,
      found,
      supported,
    });
  }
}

/** A record in the middle of the journal is damaged; only a torn end can come from a crash. */
export class JournalCorruptError extends AblandError {
  readonly code = 'CHAIN_JOURNAL_CORRUPT';
}

/** The journal belongs to a chain with another configuration (chain id, hard fork, genesis). */
export class JournalConfigError extends AblandError {
  readonly code = 'CHAIN_JOURNAL_OTHER_CONFIG';
}

/** Replaying the journal gave another block than the one that was acknowledged. */
export class JournalDivergedError extends AblandError {
  readonly code = 'CHAIN_JOURNAL_DIVERGED';
}

/** The journal could not be written; nothing was executed, and the chain has stopped. */
export class JournalWriteError extends AblandError {
  readonly code = 'CHAIN_JOURNAL_UNWRITABLE';
}

/** Another process uses the same data. */
export class ChainLockedError extends AblandError {
  readonly code = 'CHAIN_DATA_IN_USE';
}

/** The chain is stopping or has failed. */
export class ChainStoppedError extends AblandError {
  readonly code = 'CHAIN_STOPPED';
}

/** A JSON-RPC error answer. */
export class RpcError extends AblandError {
  readonly code = 'CHAIN_RPC_REFUSED';
  constructor(
    readonly rpcCode: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message, { rpcCode });
  }
}

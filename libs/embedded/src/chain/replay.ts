import type { ContractAddresses } from '@abland/contracts';
import type { EthereumProvider } from 'hardhat/types/providers';
import { mineBlock, readHead, type Head } from './block-source.js';
import { JournalDivergedError } from './errors.js';
import type { BlockRecord, ChainRecord } from './journal-records.js';

export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
}

export interface ReplayedState {
  readonly head: Head;
  /** The newest time of any block, also of those that were taken back. */
  readonly newestTime: number;
  readonly clockOffsetSeconds: number;
  /** Empty blocks above the newest one with transactions. */
  readonly emptyBlocks: number;
  readonly contracts: ContractAddresses | null;
}

const PROGRESS_EVERY = 500;

async function replayBlock(provider: EthereumProvider, record: BlockRecord, head: Head): Promise<Head> {
  for (const transaction of record.transactions) {
    await provider.request({ method: 'eth_sendRawTransaction', params: [transaction] });
  }
  return mineBlock(provider, head.hash, record.time);
}

/** The state after one record, executed once more. */
async function replayRecord(
  provider: EthereumProvider,
  state: ReplayedState,
  record: ChainRecord,
): Promise<ReplayedState> {
  switch (record.kind) {
    case 'block': {
      const head = await replayBlock(provider, record, state.head);
      return {
        ...state,
        head,
        newestTime: Math.max(state.newestTime, record.time),
        emptyBlocks: head.transactions > 0 ? 0 : state.emptyBlocks + 1,
      };
    }
    case 'snapshot':
      await provider.request({ method: 'evm_snapshot', params: [] });
      return state;
    case 'revert': {
      await provider.request({ method: 'evm_revert', params: [record.snapshot] });
      return { ...state, head: await readHead(provider), emptyBlocks: 0 };
    }
    case 'clock':
      return { ...state, clockOffsetSeconds: record.offsetSeconds };
    case 'deployment':
      return { ...state, contracts: record.contracts };
  }
}

/**
 * Executes a journal on a fresh EVM.
 * @throws JournalDivergedError where a block differs from the one that the journal was continued on.
 */
export async function replay(
  provider: EthereumProvider,
  records: readonly ChainRecord[],
  describe: { readonly path: string; readonly writtenBy: string; readonly runningOn: string },
  onProgress: (progress: ReplayProgress) => void,
): Promise<ReplayedState> {
  const head = await readHead(provider);
  let state: ReplayedState = {
    head,
    newestTime: head.time,
    clockOffsetSeconds: 0,
    emptyBlocks: Number.MAX_SAFE_INTEGER,
    contracts: null,
  };
  for (const [index, record] of records.entries()) {
    const details = { ...describe, record: index + 1, block: state.head.number };
    if (record.parent !== state.head.hash) {
      throw new JournalDivergedError(
        `Replaying ${describe.path} gave block ${state.head.number} ${state.head.hash}, it was ${record.parent} ` +
          `(written by ${describe.writtenBy}, running on ${describe.runningOn})`,
        { ...details, expected: record.parent, actual: state.head.hash },
      );
    }
    try {
      state = await replayRecord(provider, state, record);
    } catch (error) {
      throw new JournalDivergedError(
        `Record ${index + 1} of ${describe.path} cannot be executed again: ${(error as Error).message} ` +
          `(written by ${describe.writtenBy}, running on ${describe.runningOn})`,
        details,
        error,
      );
    }
    if ((index + 1) % PROGRESS_EVERY === 0) onProgress({ done: index + 1, total: records.length });
  }
  return state;
}

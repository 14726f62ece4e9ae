import type { LogSigner } from '@abland/contracts';
import type { ReplayProgress } from './replay.js';
import type { EmbeddedChain } from './start.js';

/** What the chain's process announces once it serves. */
export type ChainReady = Pick<
  EmbeddedChain,
  'rpcUrl' | 'webSocketUrl' | 'port' | 'chainId' | 'contracts' | 'governanceClock' | 'replayed'
>;

/** What the chain's process is told as JSON in its first argument. */
export interface ChainProcessOptions {
  readonly dataDir: string;
  readonly host?: string;
  readonly port?: number;
  readonly chainId?: number;
  readonly finalityDepth?: number;
  readonly emptyBlockEveryMs?: number;
  /** Who may anchor which log on it, from its first start on. */
  readonly anchoring?: LogSigner;
}

export type ChainMessage =
  | ({ readonly type: 'replaying' } & ReplayProgress)
  | ({ readonly type: 'ready' } & ChainReady)
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** Sent by the parent. */
export interface StopMessage {
  readonly type: 'stop';
}

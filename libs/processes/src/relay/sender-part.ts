import type { RelaySender, SenderHindrance, SenderStatus } from '@abland/chain';
import { relayerStream } from '@abland/domain';
import {
  beatingPause,
  codeOf,
  type Logger,
  Outages,
  type PartRun,
  type PartStatus,
  supervise,
  type Supervised,
} from '@abland/kernel';
import { postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';

/** What is needed of an account's sender, whether it has the key or not. */
export type Sender = Pick<RelaySender, 'relayer' | 'open' | 'hasSigned' | 'send' | 'rebroadcast' | 'status'>;

export interface SenderPartOptions {
  readonly sender: Sender;
  /** Whether its key is not given any more: it signs nothing new. */
  readonly isRetired: boolean;
  readonly chainId: number;
  /** Of the lease. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Milliseconds between two broadcasts of what is recorded and not mined. */
  readonly rebroadcastIntervalMs: number;
  /** Called when it is open, and when it fails. */
  readonly onChange: () => void;
}

export interface SenderPartStatus extends SenderStatus {
  readonly part: PartStatus;
  /** Code of why it takes no new work while another can; null where it does. */
  readonly failure: SenderHindrance | (string & {}) | null;
}

const PAUSE_MS = { min: 500, max: 5_000 };
const FAILED_PAUSE_MS = 10_000;
const STANDBY_PAUSE_MS = 500;
/** The broadcasting of what is not mined. */
const LOOP = 'broadcast';

/** One account at work: under a lease of its own, so that whatever happens to it happens to no other. */
export class SenderPart {
  private readonly supervised: Supervised;
  private readonly notBroadcast: Outages;
  private isOpen = false;
  /** What it failed with last, until it gets on again. */
  private error: unknown = null;

  constructor(private readonly options: SenderPartOptions) {
    const { chainId, logger, pool, sender } = options;
    this.notBroadcast = new Outages({
      logger,
      message: 'recorded transactions not broadcast',
      level: 'error',
    });
    const name = relayerStream(chainId, sender.relayer);
    this.supervised = supervise(
      { name, loops: [LOOP], lead: () => takeLease({ name, pool, logger }), run: (run) => this.run(run) },
      {
        ...{ logger, classify: postgresFailureClassOf, standbyPauseMs: STANDBY_PAUSE_MS },
        ...{ pauseMs: PAUSE_MS, failedPauseMs: FAILED_PAUSE_MS },
      },
    );
  }

  get relayer(): string {
    return this.options.sender.relayer;
  }

  get sender(): Sender {
    return this.options.sender;
  }

  /** Whether it may be given what it signed before. */
  get canSend(): boolean {
    return this.isOpen;
  }

  /** Whether it may be given what nobody signed for. */
  get canSign(): boolean {
    return this.isOpen && !this.options.isRetired;
  }

  /** Whether such would not wait with it for long. */
  get isUnhindered(): boolean {
    return this.canSign && this.status().failure === null;
  }

  /** What keeps it from being open; null where nothing does, or it was not tried yet. */
  get openFailure(): unknown {
    return this.isOpen ? null : this.error;
  }

  status(): SenderPartStatus {
    const status = this.options.sender.status();
    const failure = status.hindrance ?? (this.error === null ? null : codeOf(this.error));
    return { ...status, failure, part: this.supervised.status() };
  }

  stop(): Promise<void> {
    return this.supervised.stop();
  }

  private async run({ beat, progress, signal }: PartRun): Promise<void> {
    const { onChange, rebroadcastIntervalMs, sender } = this.options;
    try {
      await sender.open();
      this.error = null;
      this.isOpen = true;
      onChange();
      while (!signal.aborted) {
        await this.rebroadcast();
        progress();
        await beatingPause(rebroadcastIntervalMs, LOOP, { beat, signal });
      }
    } catch (error) {
      this.error = error;
      throw error;
    } finally {
      this.isOpen = false;
      onChange();
    }
  }

  private async rebroadcast(): Promise<void> {
    const { sender } = this.options;
    try {
      await sender.rebroadcast();
      this.error = null;
    } catch (error) {
      this.error = error;
      this.notBroadcast.note(error, { relayer: sender.relayer });
    }
  }
}

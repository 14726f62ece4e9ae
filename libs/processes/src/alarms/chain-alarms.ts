import { randomUUID } from 'node:crypto';
import { restoreChain } from '@abland/chain';
import {
  type AlarmCommand,
  alarmDecider,
  alarmsStream,
  type HaltCode,
  type SeenElsewhere,
} from '@abland/domain';
import {
  type Clock,
  type EventStore,
  handleCommand,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
} from '@abland/kernel';
import { TOLD_MS_MAX, type ToldPulse } from '@abland/postgres';

export interface ChainAlarmsOptions {
  readonly chainIds: readonly number[];
  readonly eventStore: EventStore;
  /** What the programs tell of their parts. */
  readonly pulses: () => Promise<ReadonlyMap<string, ToldPulse>>;
  /** Who has another chain than ours, as the chain's indexer tells it. */
  readonly seen: (chainId: number) => Promise<SeenElsewhere | null>;
  /**
   * Tells what came of what an operator decided of a chain.
   * @param followedAgeMs since the chain was last told to be followed as we have it; null while it is not
   */
  readonly tellOutcome: (chainId: number, followedAgeMs: number | null) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks. */
  readonly intervalMs?: number;
  /** Milliseconds for which a provider may be behind us before that is an alarm. */
  readonly behindMsMax?: number;
}

/** The looking. */
const LOOP = 'looks';
const INTERVAL_MS = 1_000;
const BEHIND_MS_MAX = 60_000;
const HALTS: ReadonlySet<unknown> = new Set<HaltCode>(['REORG_TOO_DEEP', 'CHAIN_BEHIND', 'WRONG_CHAIN']);

/**
 * Tells in the log when a chain's indexer stands and waits for somebody, and when it goes on: each once, whoever runs, and however often
 * anything is started again.
 */
export function startChainAlarms(options: ChainAlarmsOptions): Supervised {
  const watches = options.chainIds.map((chainId) => new ChainWatch(chainId, options));
  const run = async ({ beat, progress, signal }: PartRun): Promise<void> => {
    while (!signal.aborted) {
      const pulses = await options.pulses();
      await lookAtAll(watches, pulses);
      beat(LOOP);
      progress();
      await systemTiming.pause(options.intervalMs ?? INTERVAL_MS, signal);
    }
  };
  return supervise({ name: 'chain-alarms', loops: [LOOP], run }, { logger: options.logger });
}

/** One chain's trouble keeps nothing of another's back. @throws what failed first, once all were looked at */
async function lookAtAll(
  watches: readonly ChainWatch[],
  pulses: ReadonlyMap<string, ToldPulse>,
): Promise<void> {
  const looks = await Promise.allSettled(watches.map((watch) => watch.look(pulses)));
  for (const look of looks) if (look.status === 'rejected') throw look.reason;
}

class ChainWatch {
  #told: HaltCode | 'FOLLOWED' | null = null;
  #behindSince: number | null = null;

  constructor(
    private readonly chainId: number,
    private readonly options: ChainAlarmsOptions,
  ) {}

  async look(pulses: ReadonlyMap<string, ToldPulse>): Promise<void> {
    const pulse = pulses.get(`indexer-${this.chainId}`);
    const isKnown = pulse !== undefined && pulse.beatAgeMs <= TOLD_MS_MAX;
    const state = isKnown ? this.#stateOf(pulse) : null;
    if (isKnown) await this.#tellOnce(state, pulse);
    await this.options.tellOutcome(this.chainId, state === 'FOLLOWED' ? (pulse?.beatAgeMs ?? null) : null);
  }

  async #tellOnce(state: HaltCode | 'FOLLOWED' | null, pulse: ToldPulse): Promise<void> {
    if (state === null || state === this.#told) return;
    await this.#tell(state === 'FOLLOWED' ? this.#resumption(pulse) : await this.#halt(state, pulse));
    this.#told = state;
  }

  /** Null while that is not known: after a start, or where something passing is in the way. */
  #stateOf({ failure, head, reached, state }: ToldPulse): HaltCode | 'FOLLOWED' | null {
    if (failure !== 'CHAIN_BEHIND') this.#behindSince = null;
    if (failure !== null && HALTS.has(failure)) return this.#lasts(failure) ? (failure as HaltCode) : null;
    const isUpToUs = head !== null && reached !== null && head >= reached;
    return state === 'RUNNING' && isUpToUs ? 'FOLLOWED' : null;
  }

  #lasts(failure: string): boolean {
    if (failure !== 'CHAIN_BEHIND') return true;
    const now = performance.now();
    this.#behindSince ??= now;
    return now - this.#behindSince >= (this.options.behindMsMax ?? BEHIND_MS_MAX);
  }

  async #halt(code: HaltCode, pulse: ToldPulse): Promise<AlarmCommand> {
    const { finalized } = (await restoreChain(this.options.eventStore, this.chainId)).window;
    const final = finalized === null ? null : { number: finalized.number, hash: finalized.hash };
    const heights = { published: numberOf(pulse.reached), head: numberOf(pulse.head) };
    const seen = await this.options.seen(this.chainId);
    const halt = { haltId: randomUUID(), code, ...heights, final, seen, at: this.#now() };
    return { type: 'TellHalt', halt };
  }

  #resumption({ reached }: ToldPulse): AlarmCommand {
    return { type: 'TellResumption', published: numberOf(reached), at: this.#now() };
  }

  async #tell(command: AlarmCommand): Promise<void> {
    const id = randomUUID();
    await handleCommand(this.options.eventStore, alarmDecider, alarmsStream(this.chainId), command, {
      metadata: { correlationId: id, causationId: null, actor: 'chain-alarms' },
      eventId: () => id,
    });
  }

  #now(): string {
    return new Date(this.options.clock()).toISOString();
  }
}

const numberOf = (height: bigint | null): number | null => (height === null ? null : Number(height));

import {
  type Clock,
  type EventStore,
  type Logger,
  type Position,
  systemTiming,
  within,
} from '@abland/kernel';
import { readPulses, TOLD_MS_MAX, type ToldPulse } from '@abland/postgres';
import { projectionStatus } from '@abland/projections';
import type pg from 'pg';
import { isBehind, isBeside, isSender, judgeStage, type SeenStage, type Stage } from './stage.js';
import { type Pace, StageHistory, type StageSample } from './stage-history.js';

export interface WatchedChain {
  readonly chainId: number;
  /** Null where nothing is relayed, so that nobody need do it. */
  readonly forwarder: string | null;
}

export interface StageWatchPorts {
  /** Where the programs tell how they are. */
  readonly pool: pg.Pool;
  readonly log: EventStore;
  readonly chains: readonly WatchedChain[];
  /** For the dates of what is kept of the last hour. */
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What an indexer last told of a chain. */
export interface ToldHead {
  /** The newest block of the chain's provider; null where none was told. */
  readonly number: number | null;
  /** Since a provider last answered; null where none did. */
  readonly contactSeconds: number | null;
  /** Code of what the indexer fails with; null while nothing does. */
  readonly failure: string | null;
}

const LOOK_EVERY_MS = 1_000;
/** What was seen is good for so long: `_meta` is asked often. */
const FRESH_MS = 100;
const LOOK_WITHIN_MS = 3_000;
const END_WITHIN_MS = 2_000;

/**
 * Looks every second at how the stages of the pipeline are, whether anybody asks or not: only so is it known for how long one
 * has not got on. Whoever asks is told what was seen last and how old that is, and waits for no more than a moment.
 */
export class StageWatch {
  private seen: { readonly at: number; readonly stages: readonly SeenStage[] } | null = null;
  private readonly behind = new Map<string, { readonly reached: bigint | null; readonly since: number }>();
  private readonly history = new StageHistory();
  private end: Position | null = null;
  private looking: Promise<void> | null = null;
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly ports: StageWatchPorts) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** Every stage that there should be. @throws where the database never told of any */
  async stages(): Promise<readonly Stage[]> {
    const { at, stages } = await this.newest();
    const now = systemTiming.now();
    return stages.map((stage) => judgeStage(stage, this.dueMs(stage.name, now), now - at));
  }

  /** Those with how fast each is, and the newest position of the log that is known. */
  async paced(): Promise<{ readonly stages: readonly (Stage & Pace)[]; readonly end: Position | null }> {
    const stages = await this.stages();
    const now = systemTiming.now();
    return {
      stages: stages.map((stage) => ({ ...stage, ...this.history.paceOf(stage.name, now) })),
      end: this.end,
    };
  }

  /** Of the last hour, as far as this process saw it; oldest first. */
  samplesOf(name: string): readonly StageSample[] {
    return this.history.samplesOf(name);
  }

  async chainHead(chainId: number): Promise<ToldHead> {
    const { at, stages } = await this.newest();
    const pulse = stages.find(({ name }) => name === indexerOf(chainId))?.pulse ?? null;
    const head = pulse?.head ?? null;
    const contactAgeMs = pulse?.contactAgeMs ?? null;
    return {
      number: head === null ? null : Number(head),
      contactSeconds:
        contactAgeMs === null ? null : Math.round(contactAgeMs + systemTiming.now() - at) / 1000,
      failure: pulse?.failure ?? null,
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.tryToLook();
      await systemTiming.pause(LOOK_EVERY_MS, signal);
    }
  }

  private async newest(): Promise<NonNullable<typeof this.seen>> {
    if (this.seen === null || systemTiming.now() - this.seen.at > FRESH_MS) await this.tryToLook();
    return this.seen ?? this.look().then(() => this.newest());
  }

  /** What cannot be seen leaves what was: its age tells. */
  private async tryToLook(): Promise<void> {
    try {
      await within(LOOK_WITHIN_MS, 'looking at the stages', this.look());
    } catch (error) {
      this.ports.logger.debug({ err: error }, 'how the stages are is not known');
    }
  }

  /** One look at a time, however many ask: a database that says nothing is asked once. */
  private look(): Promise<void> {
    return (this.looking ??= this.lookOnce().finally(() => (this.looking = null)));
  }

  private async lookOnce(): Promise<void> {
    const { pool } = this.ports;
    const [pulses, end, projections] = await Promise.all([
      readPulses(pool, LOOK_WITHIN_MS),
      this.endOfLog(),
      projectionStatus(pool),
    ]);
    const pulse = pulses.get('projections') ?? null;
    const live = projections.filter(({ target }) => target === 'live');
    const stages: readonly SeenStage[] = [
      ...this.ports.chains.flatMap((chain) => stagesOfChain(chain, pulses, end)),
      processStage('erasure', pulses, end),
      ...live.map(({ checkpoint: reached, name }) => ({
        ...{ name: `projection ${name}`, program: 'projector' as const, asksChain: false },
        ...{ pulse, reached, end },
      })),
      ...this.ports.chains.flatMap(({ chainId }) => senderStages(chainId, pulses)),
      ...besideStages(pulses, end),
    ];
    const at = systemTiming.now();
    const date = this.ports.clock();
    for (const stage of stages) {
      this.note(stage, at);
      this.history.note(stage, at, date);
    }
    this.history.keepOnly(new Set(stages.map(({ name }) => name)));
    this.seen = { at, stages };
  }

  /** As it was last known where the log does not say, or is another: how the programs are is told all the same. */
  private async endOfLog(): Promise<Position | null> {
    try {
      this.end = await within(END_WITHIN_MS, 'asking for the end of the log', this.ports.log.head());
    } catch (error) {
      this.ports.logger.debug({ err: error }, 'the end of the log is not known');
    }
    return this.end;
  }

  private note(stage: SeenStage, now: number): void {
    const known = this.behind.get(stage.name);
    if (!isBehind(stage)) this.behind.delete(stage.name);
    else if (known?.reached !== stage.reached)
      this.behind.set(stage.name, { reached: stage.reached, since: now });
  }

  private dueMs(name: string, now: number): number {
    const since = this.behind.get(name)?.since;
    return since === undefined ? 0 : now - since;
  }
}

type Pulses = ReadonlyMap<string, ToldPulse>;

const indexerOf = (chainId: number): string => `indexer-${chainId}`;

function stagesOfChain(
  { chainId, forwarder }: WatchedChain,
  pulses: Pulses,
  end: bigint | null,
): readonly SeenStage[] {
  const [indexer, ingester] = [indexerOf(chainId), `ingester-${chainId}`];
  const [following, ingesting] = [pulses.get(indexer) ?? null, pulses.get(ingester) ?? null];
  const stages: readonly SeenStage[] = [
    {
      ...{ name: indexer, program: 'indexer', asksChain: true, pulse: following },
      ...{ reached: following?.reached ?? null, end: following?.head ?? null },
    },
    {
      ...{ name: ingester, program: 'worker', asksChain: false, pulse: ingesting },
      ...{ reached: ingesting?.reached ?? null, end: following?.reached ?? null },
    },
    processStage(`settlement-${chainId}`, pulses, end),
    ...(forwarder === null ? [] : [processStage(`relay-${chainId}`, pulses, end)]),
  ];
  return stages.map((stage) => ({ ...stage, chainId }));
}

/** Which accounts send is told by the worker alone: those of whom it tells now. */
const senderStages = (chainId: number, pulses: Pulses): readonly SeenStage[] =>
  [...pulses.values()]
    .filter(({ beatAgeMs, part }) => isSender({ name: part }, chainId) && beatAgeMs <= TOLD_MS_MAX)
    .map((pulse) => ({
      ...{ name: pulse.part, program: 'worker' as const, chainId, asksChain: false },
      ...{ pulse, reached: null, end: null },
    }));

/** Not every deployment has all of them, so that those are known of which a worker tells now. */
const besideStages = (pulses: Pulses, end: bigint | null): readonly SeenStage[] =>
  [...pulses.values()]
    .filter(({ beatAgeMs, part }) => isBeside(part) && beatAgeMs <= TOLD_MS_MAX)
    .map(({ part }) => ({ ...processStage(part, pulses, end), ...(part === 'audit' ? {} : { end: null }) }));

function processStage(name: string, pulses: Pulses, end: bigint | null): SeenStage {
  const pulse = pulses.get(name) ?? null;
  return { name, program: 'worker', asksChain: false, pulse, reached: pulse?.reached ?? null, end };
}

import {
  type Logger,
  type PartRun,
  type PartStatus,
  type PauseRange,
  type Running,
  supervise,
  systemTiming,
} from '@abland/kernel';
import { formatVerifierKey } from '@abland/audit-verify';
import { type HeldLease, postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';
import { publishAll, readCosignatures } from '../storage/cosignature-rows.js';
import type { StoredTree } from '../storage/tree-rows.js';
import { keepCosignature, newestToCosign, type WitnessPolicy } from './cosigning.js';
import type { WitnessAt } from './witness-client.js';
import { Witness } from './witness.js';

export interface WitnessingOptions {
  readonly witnesses: readonly WitnessAt[];
  /** How many of them must have cosigned what is served. */
  readonly needed: number;
  /** Of the tree and its lease. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Milliseconds after which an instance that stands by tries to lead. */
  readonly standbyIntervalMs?: number;
  /** Milliseconds between two looks at the newest checkpoint. */
  readonly intervalMs?: number;
  /** Milliseconds that a witness may take for its answer. */
  readonly answerWithinMs?: number;
  /** Between two calls of a witness that is away. */
  readonly awayMs?: PauseRange;
}

export interface WitnessStatus {
  readonly name: string;
  /** Code of what it failed of last; null where it did not. */
  readonly failure: string | null;
}

export interface WitnessingStatus extends PartStatus {
  /** Of the instance that asks them; none where another does. */
  readonly witnesses: readonly WitnessStatus[];
  /** How many of them must have cosigned what is served. */
  readonly needed: number;
}

export interface RunningWitnessing extends Running {
  status(): WitnessingStatus;
}

const NAME = 'witnesses';
const LOOP = 'look';
const INTERVAL_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;
const AWAY_MS = { min: 1_000, max: 60_000 };
/** Milliseconds that others than the needed ones are waited for before a newer checkpoint is cosigned. */
const PATIENCE_MS = 2_000;

/** Has the checkpoints of the log cosigned until it is stopped, where no other instance does. */
export function startWitnessing(options: WitnessingOptions): RunningWitnessing {
  const { logger, needed, pool, standbyIntervalMs } = options;
  let asking: Witnessing | null = null;
  const run = async ({ beat, progress, signal }: PartRun<HeldLease>): Promise<void> => {
    const witnessing = await Witnessing.open(options, signal);
    asking = witnessing;
    try {
      while (!signal.aborted) {
        await witnessing.look();
        progress();
        beat(LOOP);
        await systemTiming.pause(options.intervalMs ?? INTERVAL_MS, signal);
      }
    } finally {
      asking = null;
      await witnessing.idle();
    }
  };
  const supervised = supervise<HeldLease>(
    { name: NAME, loops: [LOOP], lead: () => takeLease({ name: NAME, pool, logger }), run },
    {
      logger,
      classify: postgresFailureClassOf,
      ...(standbyIntervalMs === undefined ? {} : { standbyPauseMs: standbyIntervalMs }),
    },
  );
  return {
    ...supervised,
    status: () => ({ ...supervised.status(), needed, witnesses: asking?.told() ?? [] }),
  };
}

/** Where no witness is asked any more: the newest checkpoint is served again. */
export const withoutWitnesses = (pool: pg.Pool): Promise<void> => publishAll(pool);

/** All witnesses are asked about one checkpoint, so that enough sign the same: a newer one is looked for when they did, or cannot. */
class Witnessing {
  private candidate: StoredTree | null = null;
  /** Keys of those that signed it. */
  private signedBy: ReadonlySet<string> = new Set();
  private readonly inHand = new Map<Witness, Promise<void>>();
  private askedAt = 0;

  private constructor(
    private readonly options: WitnessingOptions,
    private readonly policy: WitnessPolicy,
    private readonly witnesses: readonly Witness[],
    private readonly signal: AbortSignal,
  ) {}

  static async open(options: WitnessingOptions, signal: AbortSignal): Promise<Witnessing> {
    const { answerWithinMs = ANSWER_WITHIN_MS, awayMs = AWAY_MS, needed, pool } = options;
    const known = new Map((await readCosignatures(pool)).map(({ size, witnessKey }) => [witnessKey, size]));
    const witnesses = options.witnesses.map((at) => {
      const size = known.get(formatVerifierKey(at.key)) ?? null;
      return new Witness(at, size, { pool, timing: systemTiming, answerWithinMs, awayMs });
    });
    const policy = { keys: options.witnesses.map(({ key }) => key), needed };
    return new Witnessing(options, policy, witnesses, signal);
  }

  told(): readonly WitnessStatus[] {
    return this.witnesses.map(({ failure, name }) => ({ name, failure }));
  }

  /** Asks whoever is to be asked now, and waits for nobody. */
  async look(): Promise<void> {
    const newest = await newestToCosign(this.options.pool);
    if (newest === null) return;
    if (this.isOver && newest.checkpoint !== this.candidate?.checkpoint) await this.take(newest);
    const { candidate } = this;
    if (candidate === null) return;
    for (const witness of this.witnesses)
      if (witness.isDue && !this.inHand.has(witness) && !this.signedBy.has(witness.keyText))
        this.inHand.set(witness, this.ask(witness, candidate, newest.size));
  }

  /** Resolves when nobody is asked any more. */
  async idle(): Promise<void> {
    await Promise.all(this.inHand.values());
  }

  private get isOver(): boolean {
    const waitedMs = systemTiming.now() - this.askedAt;
    return this.inHand.size === 0 || (this.signedBy.size >= this.policy.needed && waitedMs > PATIENCE_MS);
  }

  private async take(newest: StoredTree): Promise<void> {
    this.signedBy = new Set(await keepCosignature(this.options.pool, newest, this.policy, null));
    this.candidate = newest;
    this.askedAt = systemTiming.now();
  }

  private async ask(witness: Witness, candidate: StoredTree, treeSize: number): Promise<void> {
    const { logger, pool } = this.options;
    const before = witness.failure;
    try {
      const line = await witness.cosign(candidate, treeSize, this.signal);
      if (before !== null) logger.info({ witness: witness.name }, 'cosigns again');
      const signed = { witnessKey: witness.keyText, line };
      const signers = await keepCosignature(pool, candidate, this.policy, signed);
      if (candidate === this.candidate) this.signedBy = new Set([...this.signedBy, ...signers]);
    } catch (error) {
      const level = witness.failure === before ? 'debug' : 'warn';
      logger[level]({ err: error, witness: witness.name }, 'does not cosign');
    } finally {
      this.inHand.delete(witness);
    }
  }
}

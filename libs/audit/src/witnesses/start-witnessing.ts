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
import { type HeldLease, type Lease, postgresFailureClassOf, takeLease } from '@abland/postgres';
import type pg from 'pg';
import { readCosignatures } from '../storage/cosignature-rows.js';
import type { StoredTree } from '../storage/tree-rows.js';
import {
  type Cosigner,
  keepCosignature,
  beginPublishing,
  serveNewest,
  type WitnessPolicy,
} from './cosigning.js';
import type { WitnessAt } from './witness-client.js';
import { Witness } from './witness.js';

export interface WitnessingOptions {
  /** None: the newest checkpoint is served, whoever cosigned it. */
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
  /** Between two calls of a witness whose answers are wrong, until a person sees to it. */
  readonly refusedMs?: PauseRange;
}

export interface WitnessStatus {
  readonly name: string;
  /** Code of what it failed of last; null where it did not. */
  readonly failure: string | null;
}

export interface WitnessingStatus extends PartStatus {
  /** Of the instance that asks them; none where another does. */
  readonly witnesses: readonly WitnessStatus[];
}

export interface RunningWitnessing extends Running {
  status(): WitnessingStatus;
}

const NAME = 'witnesses';
const LOOP = 'look';
const INTERVAL_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;
const AWAY_MS = { min: 1_000, max: 60_000 };
const REFUSED_MS = { min: 60_000, max: 600_000 };
/** Milliseconds that others than the needed ones are waited for before a newer checkpoint is cosigned. */
const PATIENCE_MS = 2_000;

/**
 * Has the checkpoints of the log cosigned until it is stopped, where no other instance does. One that is told of no witness leads by the
 * same lease: what is served is said by one at a time, and what it says holds once who asked witnesses has stopped.
 */
export function startWitnessing(options: WitnessingOptions): RunningWitnessing {
  const { logger, pool, standbyIntervalMs } = options;
  let asking: Witnessing | null = null;
  const run = async ({ beat, lead, progress, signal }: PartRun<HeldLease>): Promise<void> => {
    const witnessing = await Witnessing.open(options, lead.lease, signal);
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
    status: () => ({ ...supervised.status(), witnesses: asking?.told() ?? [] }),
  };
}

/** All witnesses are asked about one checkpoint, so that enough sign the same: a newer one is looked for when they did, or cannot. */
class Witnessing {
  private candidate: StoredTree | null = null;
  /** Keys of those that signed it. */
  private signedBy: ReadonlySet<string> = new Set();
  private readonly inHand = new Map<Witness, Promise<void>>();
  private askedAt = 0;

  private constructor(
    private readonly logger: Logger,
    private readonly cosigner: Cosigner,
    private readonly policy: WitnessPolicy,
    private readonly witnesses: readonly Witness[],
    private readonly signal: AbortSignal,
  ) {}

  static async open(options: WitnessingOptions, lease: Lease, signal: AbortSignal): Promise<Witnessing> {
    const { logger, needed, pool } = options;
    const { answerWithinMs = ANSWER_WITHIN_MS, awayMs = AWAY_MS, refusedMs = REFUSED_MS } = options;
    const known = new Map((await readCosignatures(pool)).map(({ size, witnessKey }) => [witnessKey, size]));
    const witnesses = options.witnesses.map((at) => {
      const size = known.get(formatVerifierKey(at.key)) ?? null;
      return new Witness(at, size, { pool, timing: systemTiming, answerWithinMs, awayMs, refusedMs });
    });
    const policy = { keys: options.witnesses.map(({ key }) => key), needed };
    return new Witnessing(logger, { pool, lease }, policy, witnesses, signal);
  }

  told(): readonly WitnessStatus[] {
    return this.witnesses.map(({ failure, name }) => ({ name, failure }));
  }

  /** Asks whoever is to be asked now, and waits for nobody. */
  async look(): Promise<void> {
    if (this.witnesses.length === 0) return serveNewest(this.cosigner);
    const { isFirst, newest } = await beginPublishing(this.cosigner);
    if (newest === null) return;
    const isOther = newest.checkpoint !== this.candidate?.checkpoint;
    if (isFirst || (isOther && this.isOver)) await this.take(newest);
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
    this.signedBy = new Set(await keepCosignature(this.cosigner, newest, this.policy, null));
    this.candidate = newest;
    this.askedAt = systemTiming.now();
  }

  private async ask(witness: Witness, candidate: StoredTree, treeSize: number): Promise<void> {
    const { cosigner, logger, policy } = this;
    const before = witness.failure;
    const keep = (line: string): Promise<readonly string[]> =>
      keepCosignature(cosigner, candidate, policy, { witnessKey: witness.keyText, line });
    try {
      const signers = await witness.cosign(candidate, treeSize, keep, this.signal);
      if (before !== null) logger.info({ witness: witness.name }, 'cosigns again');
      if (candidate === this.candidate) this.signedBy = new Set([...this.signedBy, ...signers]);
    } catch (error) {
      const level = witness.failure === before ? 'debug' : 'warn';
      logger[level](
        { err: error, witness: witness.name },
        'does not cosign, or its cosignature cannot be kept',
      );
    } finally {
      this.inHand.delete(witness);
    }
  }
}

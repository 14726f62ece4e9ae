import { OPERATION_INTERRUPTED } from '@abland/domain';
import {
  DomainError,
  type Logger,
  type PartRun,
  supervise,
  type Supervised,
  systemTiming,
} from '@abland/kernel';
import { forgetInHand, giveUpInHand, type OperationInHand, operationsInHand } from '@abland/postgres';
import type { Pool } from 'pg';
import { tellOutcome, type TellingPorts } from './tell-operation.js';

export interface OperationSettlerOptions extends TellingPorts {
  readonly pool: Pool;
  readonly logger: Logger;
  /** Milliseconds between two looks. */
  readonly intervalMs?: number;
  /** At so many looks in a row an operation that does not beat is held to be nobody's. */
  readonly looksMax?: number;
}

const LOOP = 'looks';
const INTERVAL_MS = 1_000;
/** A beat comes once a second. Looks are counted, not time: while the database is away nobody can beat, or look. */
const LOOKS_MAX = 30;
const ACTOR = 'operation-settler';

/** What is told of an operation that nobody does any more, and of which nothing was noted. */
const INTERRUPTED = {
  code: OPERATION_INTERRUPTED,
  reason:
    'Nothing was heard any more of whoever did it; should it show to be done after all, that is told next',
} as const;

/**
 * Tells in the log what came of operators' acts whose program ended before it could: done where the act noted that, else that it
 * was interrupted. Once, whoever runs, and however often anything is started again.
 */
export function startOperationSettler(options: OperationSettlerOptions): Supervised {
  const { intervalMs = INTERVAL_MS, logger } = options;
  const settler = new OperationSettler(options);
  const run = async ({ beat, progress, signal }: PartRun): Promise<void> => {
    while (!signal.aborted) {
      await settler.look();
      beat(LOOP);
      progress();
      await systemTiming.pause(intervalMs, signal);
    }
  };
  return supervise({ name: 'operations', loops: [LOOP], run }, { logger });
}

interface Seen {
  readonly beats: bigint;
  readonly looks: number;
}

class OperationSettler {
  private seen: ReadonlyMap<string, Seen> = new Map();

  constructor(private readonly options: OperationSettlerOptions) {}

  async look(): Promise<void> {
    const { looksMax = LOOKS_MAX, pool } = this.options;
    const inHand = await operationsInHand(pool);
    this.seen = new Map(inHand.map((one) => [one.operationId, this.seenWith(one)]));
    for (const one of inHand) {
      if ((this.seen.get(one.operationId)?.looks ?? 0) >= looksMax) await this.settle(one);
    }
  }

  private seenWith({ beats, operationId }: OperationInHand): Seen {
    const before = this.seen.get(operationId);
    return before?.beats === beats ? { beats, looks: before.looks + 1 } : { beats, looks: 1 };
  }

  private async settle(one: OperationInHand): Promise<void> {
    const { clock, log, logger, pool } = this.options;
    const outcome = await giveUpInHand(pool, one, INTERRUPTED);
    if (outcome === null) return;
    const { operationId } = one;
    try {
      await tellOutcome({ log, clock }, operationId, outcome, ACTOR);
      logger.info({ operationId, outcome: outcome.kind }, 'told what came of an operation in nobody’s hands');
    } catch (error) {
      // Whoever was about to ask for it ended before they did.
      if (!(error instanceof DomainError) || error.code !== 'UNKNOWN_OPERATION') throw error;
    }
    await forgetInHand(pool, one);
  }
}

/** Tells at once what an operation's act noted, for who asks for it again. */
export async function tellWhatWasNoted(
  { clock, log, pool }: TellingPorts & { readonly pool: Pool },
  operationId: string,
): Promise<void> {
  const [one] = await operationsInHand(pool, operationId);
  if (one === undefined || one.outcome === null) return;
  await tellOutcome({ log, clock }, operationId, one.outcome, ACTOR);
  await forgetInHand(pool, one);
}

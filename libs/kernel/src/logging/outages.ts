import { codeOf } from '../failures/code-of.js';
import { systemTiming, type Timing } from '../time/timing.js';
import type { Logger } from './logger.js';

export interface OutagesOptions {
  readonly logger: Logger;
  /** What fails, as the line says that tells it. */
  readonly message: string;
  /** Default: `warn`. */
  readonly level?: 'info' | 'warn' | 'error';
  /** Milliseconds without another after which it is over. */
  readonly quietMs?: number;
  readonly timing?: Pick<Timing, 'now'>;
}

interface Outage {
  readonly since: number;
  times: number;
  lastAt: number;
}

const QUIET_MS = 60_000;
/** Kinds that are told apart at a time: what fails in ever other ways is told together. */
const KINDS_MAX = 32;
const OTHERS = 'others';

/**
 * What fails again and again for as long as something is away: two lines of each kind, one with its first failure and one with how many
 * there were, once none has come for a while. What is asked for by many must not fill a disk with saying of each that it failed.
 */
export class Outages {
  private static readonly ofLoggers = new WeakMap<Logger, Map<string, Outages>>();

  /** The one of a logger for what a message says, at `warn`: for who is made anew at each try, and is not to tell it anew. */
  static of(logger: Logger, message: string): Outages {
    const known = Outages.ofLoggers.get(logger) ?? new Map<string, Outages>();
    Outages.ofLoggers.set(logger, known);
    const outages = known.get(message) ?? new Outages({ logger, message });
    known.set(message, outages);
    return outages;
  }

  private readonly kinds = new Map<string, Outage>();
  private readonly timing: Pick<Timing, 'now'>;
  private readonly quietMs: number;

  constructor(private readonly options: OutagesOptions) {
    this.timing = options.timing ?? systemTiming;
    this.quietMs = options.quietMs ?? QUIET_MS;
  }

  /**
   * @param error null where what happened is no error
   * @param kind what it is told apart by; absent: its code, or where it was thrown if it has none
   */
  note(error: unknown, fields: object = {}, kind = kindOf(error)): void {
    const { level = 'warn', logger, message } = this.options;
    const now = this.timing.now();
    const told = error === null ? fields : { err: error, ...fields };
    const known = this.kinds.get(kind) ?? (this.kinds.size < KINDS_MAX ? undefined : this.kinds.get(OTHERS));
    if (known !== undefined) {
      known.times += 1;
      known.lastAt = now;
      return logger.debug(told, message);
    }
    const begun = this.kinds.size < KINDS_MAX ? kind : OTHERS;
    this.kinds.set(begun, { since: now, times: 1, lastAt: now });
    this.endLater(begun, this.quietMs);
    logger[level](told, message);
  }

  private endLater(kind: string, ms: number): void {
    // Alone it keeps no program running.
    setTimeout(() => this.endWhereQuiet(kind), ms).unref();
  }

  private endWhereQuiet(kind: string): void {
    const outage = this.kinds.get(kind);
    if (outage === undefined) return;
    const { lastAt, since, times } = outage;
    const leftMs = lastAt + this.quietMs - this.timing.now();
    if (leftMs > 0) return this.endLater(kind, leftMs);
    this.kinds.delete(kind);
    if (times === 1) return; // told already
    const { logger, message } = this.options;
    logger.info(
      { kind, times, seconds: Math.round((lastAt - since) / 1_000) },
      `${message}: no more for now`,
    );
  }
}

function kindOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== 'UNEXPECTED' || !(error instanceof Error)) return code;
  return error.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? error.name;
}

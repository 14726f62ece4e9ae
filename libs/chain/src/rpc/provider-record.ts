import { type FailureClass, failureClassOf, withoutSecrets } from '@abland/kernel';
import { InconsistentBlockError, MalformedAnswerError, WrongChainError } from './errors.js';
import type { ProviderFault, ProviderStatus } from './provider-status.js';

/** So many of its last answers make the median. */
const ANSWERS_KEPT = 32;
const MESSAGE_MAX = 300;

type Recorded = Pick<
  ProviderStatus,
  | 'lastFault'
  | 'latencyMs'
  | 'answerAgeMs'
  | 'head'
  | 'requests'
  | 'faults'
  | 'faultsByClass'
  | 'discrepancies'
>;

/** What came of asking one provider, counted since the start. */
export class ProviderRecord {
  #requests = 0;
  readonly #latencies: number[] = [];
  #answeredAt: number | null = null;
  #head: number | null = null;
  #lastFault: (ProviderFault & { readonly at: number }) | null = null;
  readonly #faults = new Map<string, number>();
  readonly #faultsByClass = new Map<FailureClass, number>();
  readonly #discrepancies = new Map<string, number>();
  /** A fault is met where it arises, and again by whoever asked. */
  readonly #counted = new WeakSet();

  /** Milliseconds: the median of the last answers; null before the first. */
  get latencyMs(): number | null {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
  }

  asked(requests: number): void {
    this.#requests += requests;
  }

  answered(ms: number): void {
    this.#answeredAt = performance.now();
    this.#latencies.push(ms);
    if (this.#latencies.length > ANSWERS_KEPT) this.#latencies.shift();
  }

  toldHead(number: number): void {
    this.#head = number;
  }

  /** Once each, however often it is told; what a contract says is no fault of a provider. */
  failed(error: unknown): void {
    const failureClass = failureClassOf(error);
    if (failureClass === 'WRONG' && !(error instanceof WrongChainError)) return;
    if (typeof error === 'object' && error !== null) {
      if (this.#counted.has(error)) return;
      this.#counted.add(error);
    }
    const fault = faultOf(error);
    this.#lastFault = { ...fault, at: performance.now() };
    increase(this.#faults, fault.code);
    increase(this.#faultsByClass, failureClass);
    const kind = discrepancyOf(error);
    if (kind !== null) increase(this.#discrepancies, kind);
  }

  told(): Recorded {
    const now = performance.now();
    return {
      lastFault:
        this.#lastFault === null ? null : { ...faultOf(this.#lastFault), ageMs: now - this.#lastFault.at },
      latencyMs: this.latencyMs,
      answerAgeMs: this.#answeredAt === null ? null : now - this.#answeredAt,
      head: this.#head,
      requests: this.#requests,
      faults: Object.fromEntries(this.#faults),
      faultsByClass: Object.fromEntries(this.#faultsByClass),
      discrepancies: Object.fromEntries(this.#discrepancies),
    };
  }
}

/** A fault as it may be told; what has no code of its own nobody foresaw. */
export function faultOf(error: unknown): ProviderFault {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'UNEXPECTED',
    message: withoutSecrets(typeof message === 'string' ? message : String(error), MESSAGE_MAX),
  };
}

/** What does not hold together in what it told; null where it told nothing, or refused. */
function discrepancyOf(error: unknown): string | null {
  if (error instanceof MalformedAnswerError) return 'MALFORMED';
  if (!(error instanceof InconsistentBlockError)) return null;
  const { what } = error.details;
  return typeof what === 'string' ? what : 'UNLINKED';
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

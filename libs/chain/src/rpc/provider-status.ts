import type { FailureClass } from '@abland/kernel';

/**
 * WELL: what it gave last holds together. SET_ASIDE: it failed, and gave nothing good since. WRONG_CHAIN: it serves another chain.
 * UNKNOWN: nothing was asked of it yet.
 */
export type ProviderState = 'WELL' | 'SET_ASIDE' | 'WRONG_CHAIN' | 'UNKNOWN';

/** What a provider failed of. */
export interface ProviderFault {
  readonly code: string;
  readonly message: string;
}

/** How one provider of a chain is. Ages and times in milliseconds, counts since the start of the program. */
export interface ProviderStatus {
  /** Its URL without what may be a key. */
  readonly url: string;
  readonly transport: 'HTTP' | 'WEBSOCKET';
  readonly state: ProviderState;
  /** For how long it is not asked unless nobody else is left; 0 where it is asked. */
  readonly asideMs: number;
  /** What it failed of last, since it last gave what held together; null for nothing. */
  readonly fault: ProviderFault | null;
  /** What it failed of last, whatever it gave since; null for nothing ever. */
  readonly lastFault: (ProviderFault & { readonly ageMs: number }) | null;
  /** The median of its last answers; null before the first. */
  readonly latencyMs: number | null;
  /** Since its last answer that was no refusal; null before the first. */
  readonly answerAgeMs: number | null;
  /** The number of the newest block that it told last; null before the first. */
  readonly head: number | null;
  readonly requests: number;
  /** By code. */
  readonly faults: Readonly<Record<string, number>>;
  /** The same, by class. */
  readonly faultsByClass: Readonly<Partial<Record<FailureClass, number>>>;
  /** What it told that does not hold together, by what was wrong with it. */
  readonly discrepancies: Readonly<Record<string, number>>;
  /** Most blocks that are asked for at once; null where no limit is known. */
  readonly rangeMax: number | null;
  /** Most requests that are asked at once; null where no limit is known. */
  readonly batchMax: number | null;
  /** Methods that it does not have. */
  readonly lacks: readonly string[];
  /** Milliseconds that requests waited for their turn; absent where it may be asked as often as is wanted. */
  readonly budgetWaitMs?: number;
}

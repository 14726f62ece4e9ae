import type { Json } from '@abland/kernel';
import type { ProviderStatus } from './provider-status.js';

/** A telling is of a bounded size: nobody has as many providers of a chain. */
const TOLD_MAX = 32;

/** Providers as one program tells another of them, and what is the same while nothing but ages changed. */
export function tellProviders(providers: readonly ProviderStatus[]): {
  readonly mark: string;
  readonly detail: Json;
} {
  const told = providers.slice(0, TOLD_MAX);
  const marks = told.map(({ answerAgeMs: _answer, asideMs: _aside, lastFault: _fault, ...rest }) => rest);
  return { mark: JSON.stringify(marks), detail: told as unknown as Json };
}

/**
 * Providers as they were told, with ages as of now; none where a version of ours told something else.
 * @param agoMs since it was told
 */
export function readToldProviders(detail: Json, agoMs: number): readonly ProviderStatus[] {
  if (!Array.isArray(detail) || !detail.every(isStatus)) return [];
  return detail.map((told: ProviderStatus) => ({
    ...told,
    asideMs: Math.max(0, told.asideMs - agoMs),
    answerAgeMs: told.answerAgeMs === null ? null : told.answerAgeMs + agoMs,
    lastFault: told.lastFault === null ? null : { ...told.lastFault, ageMs: told.lastFault.ageMs + agoMs },
  }));
}

function isStatus(value: unknown): value is ProviderStatus {
  const { asideMs, discrepancies, faults, lacks, lastFault, requests, state, url } = (value ??
    {}) as Partial<ProviderStatus>;
  const numbers = typeof asideMs === 'number' && typeof requests === 'number';
  const texts = typeof url === 'string' && typeof state === 'string';
  const parts = [faults, discrepancies, lacks].every((part) => typeof part === 'object' && part !== null);
  return numbers && texts && parts && Array.isArray(lacks) && lastFault !== undefined;
}

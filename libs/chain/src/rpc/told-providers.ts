import type { SeenElsewhere } from '@abland/domain';
import type { Json } from '@abland/kernel';
import type { ProviderStatus } from './provider-status.js';

/** A telling is of a bounded size: nobody has as many providers of a chain. */
const TOLD_MAX = 32;

/** What is the same while nothing but ages changed, and what is to be known at once. */
interface Marks {
  readonly mark: string;
  readonly urgent: string;
}

/**
 * The providers of a chain as one program tells another of them.
 * @param seen who has another chain than ours, where that is in the way
 */
export function tellProviders(
  providers: readonly ProviderStatus[],
  seen: SeenElsewhere | null,
): Marks & { readonly detail: Json } {
  const told = providers.slice(0, TOLD_MAX);
  const marks = told.map(({ answerAgeMs: _answer, asideMs: _aside, lastFault: _fault, ...rest }) => rest);
  const urgent = JSON.stringify(seen);
  return {
    ...{ mark: `${JSON.stringify(marks)} ${urgent}`, urgent },
    detail: { providers: told, seen } as unknown as Json,
  };
}

/**
 * Providers as they were told, with ages as of now; none where a version of ours told something else.
 * @param agoMs since it was told
 */
export function readToldProviders(detail: Json, agoMs: number): readonly ProviderStatus[] {
  const { providers } = membersOf(detail);
  if (!Array.isArray(providers) || !providers.every(isStatus)) return [];
  return providers.map((told: ProviderStatus) => ({
    ...told,
    asideMs: Math.max(0, told.asideMs - agoMs),
    answerAgeMs: told.answerAgeMs === null ? null : told.answerAgeMs + agoMs,
    lastFault: told.lastFault === null ? null : { ...told.lastFault, ageMs: told.lastFault.ageMs + agoMs },
  }));
}

/** Who has another chain than ours; null where nobody was told of, or in a form of another version. */
export function readToldSeen(detail: Json): SeenElsewhere | null {
  const { seen } = membersOf(detail);
  const { block, provider } = membersOf(seen ?? null) as Partial<SeenElsewhere>;
  if (typeof provider !== 'string') return null;
  const isBlock = typeof block?.number === 'number' && typeof block.hash === 'string';
  return { provider, block: isBlock ? { number: block.number, hash: block.hash } : null };
}

const membersOf = (value: Json): Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};

function isStatus(value: unknown): value is ProviderStatus {
  const { asideMs, discrepancies, faults, lacks, lastFault, requests, state, url } = (value ??
    {}) as Partial<ProviderStatus>;
  const numbers = typeof asideMs === 'number' && typeof requests === 'number';
  const texts = typeof url === 'string' && typeof state === 'string';
  const parts = [faults, discrepancies, lacks].every((part) => typeof part === 'object' && part !== null);
  return numbers && texts && parts && Array.isArray(lacks) && lastFault !== undefined;
}

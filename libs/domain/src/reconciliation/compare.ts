import type { Difference } from './events.js';

/** Values by name, as `Difference` writes them. */
export type ReconciledValues = Readonly<Record<string, string>>;

const NOTHING: ReadonlySet<string> = new Set(['0', 'false', `0x${'0'.repeat(40)}`]);

/**
 * Where two sides differ, by the names that ours has; null: it is not there, which is the same as zero, nobody and no. What the chain
 * tells beyond what read models keep is no difference.
 */
export function differencesOf(
  ours: ReconciledValues | null,
  chain: ReconciledValues | null,
): readonly Difference[] {
  const names = Object.keys(ours ?? chain ?? {});
  return names.flatMap((name) => {
    const [one, other] = [ours?.[name] ?? '0', chain?.[name] ?? '0'];
    const same = one === other || (NOTHING.has(one) && NOTHING.has(other));
    return same ? [] : [{ name, ours: one, chain: other }];
  });
}

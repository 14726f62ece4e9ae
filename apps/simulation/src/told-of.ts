import type { ChainRpc, ProviderStatus } from '@abland/chain';

/** What the indexers of a run made of one provider. */
export interface ToldOf {
  /** What did not hold together in what it told, by what was wrong with it. */
  readonly discrepancies: Readonly<Record<string, number>>;
  /** What it failed of, by class. */
  readonly faults: Readonly<Record<string, number>>;
  /** The least range and the least batch that it was found to give; null where it gave all. */
  readonly rangeMax: number | null;
  readonly batchMax: number | null;
}

/** Of each of so many providers, in order, what all indexers of a run made of it. */
export function toldOf(providers: number, asked: readonly ChainRpc[]): readonly ToldOf[] {
  const statuses = asked.map((rpc) => rpc.status());
  return Array.from({ length: providers }, (_, index) => {
    const all = statuses.flatMap((status) => status[index] ?? []);
    return {
      discrepancies: sum(all.map((one) => one.discrepancies)),
      faults: sum(all.map((one) => one.faultsByClass)),
      rangeMax: least(all, ({ rangeMax }) => rangeMax),
      batchMax: least(all, ({ batchMax }) => batchMax),
    };
  });
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const all = new Map<string, number>();
  for (const [name, count] of counts.flatMap((one) => Object.entries(one)))
    all.set(name, (all.get(name) ?? 0) + count);
  return Object.fromEntries(all);
}

function least(
  all: readonly ProviderStatus[],
  limitOf: (one: ProviderStatus) => number | null,
): number | null {
  const limits = all.flatMap((one) => limitOf(one) ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** One line of it. */
export function sayTold(name: string, { batchMax, discrepancies, faults, rangeMax }: ToldOf): string {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ') || 'none';
  const limits = `ranges of ${rangeMax ?? 'any number'}, batches of ${batchMax ?? 'any number'}`;
  return `  the ${name} provider: what did not hold together ${counts(discrepancies)}; failures ${counts(faults)}; ${limits}`;
}

/** That what is told of a provider that lies, one that lags, one that is limited and a good one is enough to know them by. */
export function areKnown([lying, , limited]: readonly ToldOf[]): boolean {
  return lying !== undefined && Object.keys(liesOf(lying)).length > 0 && limited?.batchMax !== null;
}

/** What an honest node never tells. That a block is not there yet is no lie, of one that lags. */
export function liesOf({ discrepancies }: ToldOf): Readonly<Record<string, number>> {
  const { MALFORMED: _missing, ...lies } = discrepancies;
  return lies;
}

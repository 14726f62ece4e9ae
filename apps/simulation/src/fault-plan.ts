import type { ProviderFault } from '@abland/testing/simulated-chain';
import { ANSWER_FAULTS, CALL_FAULTS, NETWORK_FAULTS } from '@abland/testing/simulated-chain';
import type { SeededRandom } from '@abland/testing/seeded-random';

/** What happens to the chain, its providers and our programs between two looks at the read models. */
export type Act =
  | { readonly kind: 'MINE'; readonly blocks: number }
  | { readonly kind: 'REORG'; readonly depth: number }
  | { readonly kind: 'FAULT'; readonly provider: number; readonly fault: ProviderFault | null }
  | { readonly kind: 'KILL' | 'START' | 'STOP'; readonly program: ProgramName }
  | { readonly kind: 'LOSE_LEASES' }
  | { readonly kind: 'LOSE_CONNECTIONS' }
  | { readonly kind: 'LOSE_DATABASE' }
  | { readonly kind: 'LOSE_BROKER' };

export const PROGRAM_NAMES = ['indexer', 'ingester', 'projector'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

export interface FaultPlan {
  readonly providers: number;
  /** Blocks that a reorg takes back, at most. */
  readonly reorgDepthMax: number;
  readonly faults: readonly ProviderFault[];
  /** How often each kind of act comes, where not as usually. */
  readonly weights?: Partial<Record<Act['kind'], number>>;
}

/** No block is proved by a provider that has the chain's id wrong for long, or none at all: others are there. */
export const ALL_FAULTS: readonly ProviderFault[] = [...ANSWER_FAULTS, ...CALL_FAULTS, ...NETWORK_FAULTS];

const named = (...names: readonly string[]): readonly ProviderFault[] =>
  ALL_FAULTS.filter(({ name }) => names.includes(name));

/** Of each answer to what can be lied about, one of two is a lie, each of another kind. */
const LIES = named(
  'logs altered',
  'logs left out',
  'transactions altered',
  'reverted or not, the wrong way round',
);

/** Whoever has it is never mended: a provider that lies, one that lags, and one that gives little at a time. */
export const KEPT_FAULTS: Readonly<Record<'lying' | 'lagging' | 'limited', ProviderFault>> = {
  lying: {
    name: 'lying',
    part: 2,
    result: (result, asked, random) => random.pick(LIES).result?.(result, asked, random) ?? result,
  },
  lagging: { ...only('a node that is behind'), name: 'lagging' },
  limited: { ...only('ranges refused'), ...only('batches refused'), name: 'limited' },
};

function only(name: string): ProviderFault {
  const [fault] = named(name);
  if (fault === undefined) throw new RangeError(`No fault ${name}`);
  return fault;
}

/** Among providers that keep their faults no branch changes: an honest one that is asked while it does contradicts itself too. */
export const KEPT_WEIGHTS: FaultPlan['weights'] = { FAULT: 0, REORG: 0 };

const WEIGHTS: Readonly<Record<Act['kind'], number>> = {
  MINE: 40,
  FAULT: 30,
  REORG: 8,
  KILL: 6,
  START: 8,
  STOP: 3,
  LOSE_LEASES: 3,
  LOSE_CONNECTIONS: 2,
  // Where there is one that is the run's own.
  LOSE_DATABASE: 0,
  LOSE_BROKER: 0,
};
/** Faults that are taken away again. */
const MENDED_PART = 0.25;

export function drawAct(
  random: SeededRandom,
  { faults, providers, reorgDepthMax, weights = {} }: FaultPlan,
): Act {
  const kind = random.pick(
    (Object.keys(WEIGHTS) as Act['kind'][]).flatMap((one) =>
      Array.from({ length: weights[one] ?? WEIGHTS[one] }, () => one),
    ),
  );
  switch (kind) {
    case 'MINE':
      return { kind, blocks: 1 + random.below(3) };
    case 'REORG':
      return { kind, depth: 1 + random.below(reorgDepthMax) };
    case 'FAULT':
      return {
        kind,
        provider: random.below(providers),
        fault: faults.length === 0 || random.chance(MENDED_PART) ? null : random.pick(faults),
      };
    case 'KILL':
    case 'START':
    case 'STOP':
      return { kind, program: random.pick(PROGRAM_NAMES) };
    case 'LOSE_LEASES':
    case 'LOSE_CONNECTIONS':
    case 'LOSE_DATABASE':
    case 'LOSE_BROKER':
      return { kind };
  }
}

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

const WEIGHTS: Readonly<Record<Act['kind'], number>> = {
  MINE: 40,
  FAULT: 30,
  REORG: 8,
  KILL: 6,
  START: 8,
  STOP: 3,
  LOSE_LEASES: 3,
  LOSE_CONNECTIONS: 2,
  LOSE_BROKER: 0, // where there is one
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
    case 'LOSE_BROKER':
      return { kind };
  }
}

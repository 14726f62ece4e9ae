import { ANSWER_FAULTS, GAP_FAULT } from '@abland/testing/simulated-chain';
import type { SimulationOptions } from './simulate.js';
import { BROKEN_PARTS } from './programs/broken-parts.js';
import { OWN_PARTS, type Parts } from './programs/parts.js';

/** A run in which something that holds the system together is needed soon, and seen to be missing where it is not there. */
export interface Trial {
  readonly settings: Partial<SimulationOptions>;
  readonly broken: Parts;
  /** The same but for what is broken: all is right. */
  readonly whole: Parts;
  /** The kinds of violations that show it. */
  readonly noticedAs: RegExp;
}

const QUIET = { KILL: 0, STOP: 0, LOSE_CONNECTIONS: 0 };
const ALTERED = ANSWER_FAULTS.filter(({ name }) => name === 'logs altered');

/** With as many acts as most seeds need, or one of the first three. */
const SETTINGS: Readonly<Record<keyof typeof BROKEN_PARTS, Omit<Trial, 'broken' | 'whole'>>> = {
  contiguity: {
    settings: { acts: 32, faults: [GAP_FAULT], transactionsMax: 20, weights: { ...QUIET, REORG: 2 } },
    noticedAs: /^LOG_FACTS$/,
  },
  'receipts-root': {
    settings: { acts: 24, faults: ALTERED, weights: { ...QUIET, REORG: 2 } },
    noticedAs: /^LOG_FACTS$/,
  },
  fence: {
    settings: {
      acts: 60,
      faults: [],
      weights: { ...QUIET, FAULT: 0, LOSE_LEASES: 20, REORG: 25, START: 20 },
    },
    noticedAs: /^STALLED$/,
  },
  revert: { settings: { acts: 20, faults: [], weights: { REORG: 20 } }, noticedAs: /^READ_MODEL / },
};

export const TRIALS: ReadonlyMap<string, Trial> = new Map(
  Object.entries(BROKEN_PARTS).map(([name, broken]) => {
    const trial = SETTINGS[name as keyof typeof BROKEN_PARTS];
    const settings = { looks: 1, endsDeep: false, patienceMs: 20_000, ...trial.settings };
    return [name, { ...trial, settings, broken, whole: { ...OWN_PARTS, proof: broken.proof } }];
  }),
);

import {
  type RunningTree,
  type RunningWitnessing,
  startTree,
  startWitnessing,
  type TreeOptions,
  type WitnessingOptions,
} from '@abland/audit';
import type { Running } from '@abland/kernel';
import { type Pulse, pulseOf } from '@abland/postgres';
import { failureOf } from './worker-status.js';

/** What the tree of the log is grown from, signed with, and cosigned by. */
export interface WitnessedTree extends Pick<TreeOptions, 'log' | 'signer'> {
  /** Who cosigns its checkpoints, if anybody. */
  readonly witnessed: Pick<WitnessingOptions, 'witnesses' | 'needed'>;
}

export interface TreePart extends Running {
  pulse(): Pulse;
  /** What of it does not do its part, as `<name>: <code>`. */
  degraded(): readonly string[];
}

/** Grows the tree of the log, and has its checkpoints cosigned where there are witnesses. */
export function startTreeParts({
  clock,
  log,
  logger,
  pool,
  signer,
  witnessed,
}: WitnessedTree & Required<Pick<TreeOptions, 'clock' | 'pool' | 'logger'>>): readonly TreePart[] {
  return [
    growing(startTree({ log, signer, pool, clock, logger })),
    cosigning(startWitnessing({ ...witnessed, pool, logger })),
  ];
}

const growing = (tree: RunningTree): TreePart => ({
  ...tree,
  pulse: () => pulseOf(tree.status(), { reached: tree.status().position }),
  degraded: () => failureOf(tree.status()),
});

const cosigning = (witnessing: RunningWitnessing): TreePart => ({
  ...witnessing,
  // Not of the witnesses: one that is away leaves nothing undone that another worker would do.
  pulse: () => pulseOf(witnessing.status()),
  degraded: () => {
    const status = witnessing.status();
    const witnesses = status.witnesses.flatMap(({ failure, name }) =>
      failure === null ? [] : [`${name}: ${failure}`],
    );
    return [...failureOf(status), ...witnesses];
  },
});

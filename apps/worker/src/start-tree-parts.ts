import {
  type RunningTree,
  type RunningWitnessing,
  startTree,
  startWitnessing,
  type TreeOptions,
  type WitnessingOptions,
  withoutWitnesses,
} from '@abland/audit';
import type { PartStatus, Running } from '@abland/kernel';
import { type Pulse, pulseOf } from '@abland/postgres';

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
export async function startTreeParts({
  log,
  logger,
  pool,
  signer,
  witnessed,
}: WitnessedTree & Pick<TreeOptions, 'pool' | 'logger'>): Promise<readonly TreePart[]> {
  const tree = growing(startTree({ log, signer, pool, logger }));
  if (witnessed.witnesses.length > 0)
    return [tree, cosigning(startWitnessing({ ...witnessed, pool, logger }))];
  await withoutWitnesses(pool);
  return [tree];
}

const growing = (tree: RunningTree): TreePart => ({
  ...tree,
  pulse: () => pulseOf(tree.status(), { reached: tree.status().position }),
  degraded: () => failureOf(tree.status()),
});

const cosigning = (witnessing: RunningWitnessing): TreePart => ({
  ...witnessing,
  pulse: () => cosigningPulse(witnessing),
  degraded: () => {
    const status = witnessing.status();
    const witnesses = status.witnesses.flatMap(({ failure, name }) =>
      failure === null ? [] : [`${name}: ${failure}`],
    );
    return [...failureOf(status), ...witnesses];
  },
});

/** Fails where fewer do their part than are needed: what is served stays as it is. */
function cosigningPulse(witnessing: RunningWitnessing): Pulse {
  const { needed, witnesses, ...status } = witnessing.status();
  const pulse = pulseOf(status);
  const failures = witnesses.flatMap(({ failure }) => failure ?? []);
  const isTooFew = failures.length > 0 && witnesses.length - failures.length < needed;
  return { ...pulse, failure: pulse.failure ?? (isTooFew ? (failures[0] ?? null) : null) };
}

const failureOf = ({ failure, name }: PartStatus): readonly string[] =>
  failure === null ? [] : [`${name}: ${failure.code}`];

import type { OperationKind } from '@abland/domain';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import {
  beginRebuild,
  beginSwitchBack,
  type Build,
  type BuildAct,
  type BuildActOptions,
  changeBuild,
  meantBuild,
  type NoteBuilds,
  promoteBuild,
} from '@abland/projections';
import type { Pool } from 'pg';
import { isOnlyProposed, type NeedingApproval } from '../proposals/needed.js';
import { type Asked, propose, type Proposed } from '../proposals/propose.js';
import type { Hand } from '../recording/hand.js';
import { isDone, type OperatorsAct, recordOperation } from '../recording/record-operation.js';
import { tellWhatWasNoted } from '../recording/settle-operations.js';

export interface BuildPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  /** Where the read models lie. */
  readonly pool: Pool;
  readonly logger: Logger;
  /** Absent: nothing needs a second operator. */
  readonly approvals?: NeedingApproval;
}

export type BuildActKind =
  | 'REBUILD_PROJECTION'
  | 'PAUSE_PROJECTION'
  | 'RESUME_PROJECTION'
  | 'PROMOTE_PROJECTION'
  | 'SWITCH_BACK_PROJECTION'
  | 'DISCARD_PROJECTION';

/** An act on the builds of the projection that is its subject. */
export interface AskedBuildAct extends OperatorsAct {
  readonly kind: BuildActKind;
  /** The number of one of them; absent: the only one to which it can be done. */
  readonly build?: number;
  /** Of a rebuild alone. */
  readonly promotesItself?: boolean;
}

export const isBuildAct = (kind: OperationKind): kind is BuildActKind => kind in ACTS;

/**
 * Acts on the builds of a projection, once for one operation; what needs a second operator is only proposed. What takes long is carried
 * out by the projector.
 * @throws DomainError INVALID_REASON, IDEMPOTENCY_KEY_REUSED; what the builds refuse (`isBuildRefusal`): nothing was changed
 */
export async function actOnBuilds(ports: BuildPorts, asked: AskedBuildAct): Promise<Asked> {
  const { approvals = new Set(), clock, log, pool } = ports;
  const { build: _build, promotesItself: _promotes, ...act } = asked;
  await tellWhatWasNoted({ log, clock, pool }, act.operationId);
  if (isOnlyProposed(approvals, asked)) return propose(ports, act, () => proposedBuild(ports, asked));
  if (await isDone(ports, act)) return 'DONE';
  await recordOperation({ log, clock, pool }, act, async (hand) => {
    const build = await ACTS[asked.kind](ports, asked, notingIn(hand));
    return { result: undefined, figures: figuresOf([build]) };
  });
  return 'DONE';
}

/** The build that is meant now is the one that is approved, whatever there is then. */
async function proposedBuild(
  { pool }: BuildPorts,
  { build, kind, promotesItself = false, subject: projection }: AskedBuildAct,
): Promise<Proposed> {
  if (kind === 'REBUILD_PROJECTION') return { build: null, promotesItself };
  const named = build === undefined ? {} : { build };
  const { id } = await meantBuild(ASKED_AS[kind], { pool, projection, ...named });
  return { build: id, promotesItself: false };
}

const ASKED_AS = {
  PAUSE_PROJECTION: 'PAUSE',
  RESUME_PROJECTION: 'RESUME',
  PROMOTE_PROJECTION: 'PROMOTE',
  SWITCH_BACK_PROJECTION: 'SWITCH_BACK',
  DISCARD_PROJECTION: 'DISCARD',
} as const satisfies Record<Exclude<BuildActKind, 'REBUILD_PROJECTION'>, BuildAct>;

/** By which the transaction of an act on builds says that it is done. */
export const notingIn =
  (hand: Hand): NoteBuilds =>
  (client, builds) =>
    hand.noteDone(client, figuresOf(builds));

/** Which builds it was done to. */
export const figuresOf = (builds: readonly Pick<Build, 'id'>[]) =>
  builds.map(({ id }) => ({ name: 'build', value: String(id) }));

type DoAct = (ports: BuildPorts, act: AskedBuildAct, note: NoteBuilds) => Promise<Build>;

const ACTS: Readonly<Record<BuildActKind, DoAct>> = {
  REBUILD_PROJECTION: ({ pool }, { promotesItself = false, reason, requestedBy: askedBy, subject }, note) =>
    beginRebuild({ pool, projection: subject, askedBy, reason, promotesItself, note }),
  PAUSE_PROJECTION: (ports, act, note) => changeBuild('PAUSE', meant(ports, act, note)),
  RESUME_PROJECTION: (ports, act, note) => changeBuild('RESUME', meant(ports, act, note)),
  PROMOTE_PROJECTION: (ports, act, note) => promoteBuild({ ...meant(ports, act, note), store: ports.log }),
  SWITCH_BACK_PROJECTION: (ports, act, note) =>
    beginSwitchBack({ ...meant(ports, act, note), logger: ports.logger }),
  DISCARD_PROJECTION: (ports, act, note) => changeBuild('DISCARD', meant(ports, act, note)),
};

const meant = (
  { pool }: BuildPorts,
  { build, subject: projection }: AskedBuildAct,
  note: NoteBuilds,
): BuildActOptions & { readonly note: NoteBuilds } => ({
  ...{ pool, projection, note },
  ...(build === undefined ? {} : { build }),
});

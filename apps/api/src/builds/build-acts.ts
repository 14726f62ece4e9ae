import { operationDecider, operationStream } from '@abland/domain';
import { type Clock, type EventStore, loadAggregate, type Logger } from '@abland/kernel';
import { type OperatorsAct, recordOperation } from '@abland/operations';
import {
  beginRebuild,
  beginSwitchBack,
  type Build,
  type BuildActOptions,
  changeBuild,
  promoteBuild,
} from '@abland/projections';
import type pg from 'pg';

export interface BuildPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  /** Where the read models lie. */
  readonly pool: pg.Pool;
  readonly logger: Logger;
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

/**
 * Acts on the builds of a projection, once for one operation. What takes long is carried out by the projector.
 * @throws DomainError INVALID_REASON, IDEMPOTENCY_KEY_REUSED; what the builds refuse (`isBuildRefusal`): nothing was changed
 */
export async function actOnBuilds(ports: BuildPorts, asked: AskedBuildAct): Promise<void> {
  const { clock, log } = ports;
  const { build: _build, promotesItself: _promotes, ...act } = asked;
  const { state } = await loadAggregate(log, operationDecider, operationStream(act.operationId));
  operationDecider.decide({ type: 'RequestOperation', ...act, at: new Date(clock()).toISOString() }, state);
  if (state.status === 'COMPLETED') return;
  await recordOperation({ log, clock }, act, async () => {
    const { id } = await ACTS[asked.kind](ports, asked);
    return { result: undefined, figures: [{ name: 'build', value: String(id) }] };
  });
}

const ACTS: Readonly<Record<BuildActKind, (ports: BuildPorts, act: AskedBuildAct) => Promise<Build>>> = {
  REBUILD_PROJECTION: ({ pool }, { promotesItself = false, reason, requestedBy: askedBy, subject }) =>
    beginRebuild({ pool, projection: subject, askedBy, reason, promotesItself }),
  PAUSE_PROJECTION: (ports, act) => changeBuild('PAUSE', meant(ports, act)),
  RESUME_PROJECTION: (ports, act) => changeBuild('RESUME', meant(ports, act)),
  PROMOTE_PROJECTION: (ports, act) => promoteBuild({ ...meant(ports, act), store: ports.log }),
  SWITCH_BACK_PROJECTION: (ports, act) => beginSwitchBack({ ...meant(ports, act), logger: ports.logger }),
  DISCARD_PROJECTION: (ports, act) => changeBuild('DISCARD', meant(ports, act)),
};

const meant = ({ pool }: BuildPorts, { build, subject: projection }: AskedBuildAct): BuildActOptions => ({
  ...{ pool, projection },
  ...(build === undefined ? {} : { build }),
});

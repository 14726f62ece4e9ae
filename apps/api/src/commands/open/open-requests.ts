import {
  millisecondsOf,
  type Requested,
  type RequestedEvent,
  requestKindOf,
  type RequestKindName,
} from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { openRequestsOf, type ReadModel, type RequestView } from '@abland/projections';
import { ApiError } from '../../errors/api-error.js';
import { type UnseenEvent, UnseenRequests } from './unseen-requests.js';

/** A request that has not ended, and whose deadline has not passed. */
export interface OpenRequest {
  readonly kind: RequestKindName;
  /** Its terms are those of its kind. */
  readonly request: Pick<Requested<unknown>, 'commandId' | 'chainId' | 'deadline' | 'terms'>;
  /** Whether its transaction was told or its signature handed in; else it waits for a wallet, perhaps in vain. */
  readonly underway: boolean;
}

/** A position that the read models were read at is too old at once only after a pause of seconds. */
const ATTEMPTS_MAX = 3;

/**
 * What a person has asked of a chain and is not over: of the read models, and of what the log has beyond them, whichever process
 * wrote it. That a request is over is taken from the read models alone, which then have what it took as well.
 */
export class OpenRequests {
  private readonly unseen: UnseenRequests;

  constructor(
    private readonly readModel: ReadModel,
    log: EventStore,
    private readonly clock: Clock,
  ) {
    this.unseen = new UnseenRequests(log);
  }

  /** @throws ApiError SERVICE_UNAVAILABLE */
  async of(chainId: number, requester: string): Promise<readonly OpenRequest[]> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const deadlineFrom = new Date(this.clock()).toISOString();
      const { seen, views } = await openRequestsOf(this.readModel, { chainId, requester, deadlineFrom });
      const events = await this.unseen.after(seen ?? 0n);
      if (events !== null)
        return withUnseen(views.map(openRequest), events, { chainId, requester, deadlineFrom });
    }
    throw new ApiError('SERVICE_UNAVAILABLE', 'The read models were not read in time');
  }
}

function withUnseen(
  views: readonly OpenRequest[],
  events: readonly UnseenEvent[],
  of: { readonly chainId: number; readonly requester: string; readonly deadlineFrom: string },
): readonly OpenRequest[] {
  const all = new Map(views.map((one) => [one.request.commandId, one]));
  for (const { data, type } of events) {
    const kind = requestKindOf(type);
    const known = all.get(data.commandId);
    if (kind === null) {
      if (known !== undefined) all.set(data.commandId, { ...known, underway: true });
    } else if (known === undefined && isOf(data as RequestedEvent['data'], of)) {
      all.set(data.commandId, { kind, request: data as RequestedEvent['data'], underway: false });
    }
  }
  return [...all.values()];
}

const isOf = (
  request: RequestedEvent['data'],
  of: { readonly chainId: number; readonly requester: string; readonly deadlineFrom: string },
): boolean =>
  request.chainId === of.chainId &&
  request.requester === of.requester &&
  millisecondsOf(request.deadline) >= millisecondsOf(of.deadlineFrom);

const SIGNED: readonly unknown[] = ['AUTHORIZED', 'RETRYING', 'SIGNED'];

const openRequest = ({
  id,
  kind,
  chainId,
  deadline,
  terms,
  status,
  relayStatus,
}: RequestView): OpenRequest => ({
  kind: kind as RequestKindName,
  request: { commandId: id, chainId: chainId ?? 0, deadline: deadline ?? '', terms },
  underway: status === 'SUBMITTED' || SIGNED.includes(relayStatus),
});

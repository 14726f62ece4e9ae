import { type AcceptedRequest, millisecondsOf, type Requested, type RequestKindName } from '@abland/domain';
import type { Clock } from '@abland/kernel';
import { openRequestsOf, type ReadModel, requestsByIds, type RequestView } from '@abland/projections';

/** A request that has not ended, and whose deadline has not passed. */
export interface OpenRequest {
  readonly kind: RequestKindName;
  /** Its terms are those of its kind. */
  readonly request: Pick<Requested<unknown>, 'commandId' | 'chainId' | 'deadline' | 'terms'>;
  /** Whether its transaction was told or its signature handed in; else it waits for a wallet, perhaps in vain. */
  readonly underway: boolean;
}

/** Requests remembered until the read models have them: seconds' worth, while these are well. */
const REMEMBERED_MAX = 10_000;

/** What a person has asked of a chain and is not over: of the read models, and what was accepted here and is not in them yet. */
export class OpenRequests {
  private readonly accepted = new Map<string, AcceptedRequest>();

  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  /** A request that the log has from now on. */
  note(state: AcceptedRequest): void {
    this.accepted.set(state.request.commandId, state);
    const [oldest] = this.accepted.keys();
    if (this.accepted.size > REMEMBERED_MAX && oldest !== undefined) this.accepted.delete(oldest);
  }

  async of(chainId: number, requester: string): Promise<readonly OpenRequest[]> {
    const now = this.clock();
    const unseen = await this.unseen(chainId, requester);
    const deadlineFrom = new Date(now).toISOString();
    const views = await openRequestsOf(this.readModel, { chainId, requester, deadlineFrom });
    const seen = new Set(views.map(({ id }) => id));
    const waiting = unseen
      .filter(({ request }) => !seen.has(request.commandId) && millisecondsOf(request.deadline) >= now)
      .map(({ kind, request }): OpenRequest => ({ kind, request, underway: false }));
    return [...views.map(openRequest), ...waiting];
  }

  /** Those of a person that the read models do not have yet; the others are forgotten. */
  private async unseen(chainId: number, requester: string): Promise<readonly AcceptedRequest[]> {
    const noted = [...this.accepted.values()].filter(
      ({ request }) => request.chainId === chainId && request.requester === requester,
    );
    if (noted.length === 0) return [];
    const views = await requestsByIds(
      this.readModel,
      noted.map(({ request }) => request.commandId),
    );
    for (const { id } of views) this.accepted.delete(id);
    return noted.filter(({ request }) => this.accepted.has(request.commandId));
  }
}

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

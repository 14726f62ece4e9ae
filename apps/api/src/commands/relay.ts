import type { ContractCall } from '@abland/chain';
import { relayDecider, relayStream, type RelayState, type RelayTarget } from '@abland/domain';
import { handleCommand, invariant, loadAggregate } from '@abland/kernel';
import { forwarderNonce, listCommands, PAGE_SIZE_MAX } from '@abland/projections';
import type { ApiServices } from '../server/services.js';
import { eventIds } from './identity.js';

export interface RelayWish {
  readonly commandId: string;
  readonly caller: string;
  readonly correlationId: string;
  readonly target: RelayTarget;
  readonly call: ContractCall;
  readonly gasMax: bigint;
  /** Seconds since the epoch. */
  readonly deadline: number;
}

/** The request that the caller is asked to sign; the same one however often it is asked for. */
export async function requestRelay(
  api: ApiServices,
  wish: RelayWish,
): Promise<Exclude<RelayState, { status: 'NONE' }>> {
  const { commandId, caller, correlationId, target, call } = wish;
  const known = await loadAggregate(api.store, relayDecider, relayStream(commandId));
  if (known.state.status !== 'NONE') return known.state;
  const request = {
    from: caller,
    to: call.to,
    value: call.value,
    gas: wish.gasMax.toString(),
    nonce: (await nextNonce(api, caller)).toString(),
    deadline: wish.deadline,
    data: call.data,
  };
  const outcome = await handleCommand(
    api.store,
    relayDecider,
    relayStream(commandId),
    { type: 'RequestRelay', commandId, target, request },
    {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, 'relay'),
    },
  );
  invariant(outcome.state.status !== 'NONE', 'A requested relay has a state');
  return outcome.state;
}

const onTheirWay: ReadonlySet<string | null> = new Set(['AUTHORIZED', 'SIGNED', 'RETRYING']);

/** What the forwarder expects after those of the caller's requests that are signed and not mined yet. */
async function nextNonce(api: ApiServices, caller: string): Promise<bigint> {
  const [mined, open] = await Promise.all([
    forwarderNonce(api.readModel, caller),
    listCommands(api.readModel, {
      user: caller,
      statuses: ['ACCEPTED', 'SUBMITTED'],
      page: { first: PAGE_SIZE_MAX },
    }),
  ]);
  const ahead = open.edges.filter(({ node }) => onTheirWay.has(node.relayStatus)).length;
  return mined + BigInt(ahead);
}

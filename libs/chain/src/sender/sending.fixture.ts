import { requestDecider, requestStream, type RequestCommand } from '@abland/domain';
import { type EventStore, handleCommand } from '@abland/kernel';
import { AbiCoder, Wallet, ZeroHash } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import type { AuthorizedRelay } from './authorized-relay.js';

export const CHAIN_ID = 31337;
export const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';
export const OTHER_COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964aa';
export const USER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const OTHER_USER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const FORWARDER = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const WALLET = new Wallet(`0x${'11'.repeat(32)}`);
export const REQUESTED_AT = '2026-01-01T12:00:00.000Z';
export const DEADLINE = '2026-01-01T12:30:00.000Z';
export const INNER_CALL = '0x12';
export const MAX_FEE_PER_GAS = 10n ** 12n;
export const GAS_MAX = 6_000_000n;

const forwarder = INTERFACES.ABForwarder;

/** What the forwarder answers to a call of its views. */
export function forwarderAnswer(data: string, nextNonce: bigint, accepts: boolean): string {
  const asked = forwarder.getFunction(data.slice(0, 10) as 'nonces')?.name as string;
  const [type, value] = asked === 'nonces' ? ['uint256', nextNonce] : ['bool', accepts];
  return AbiCoder.defaultAbiCoder().encode([type as string], [value]);
}

export const give = (store: EventStore, commandId: string, command: RequestCommand): Promise<unknown> =>
  handleCommand(store, requestDecider, requestStream(commandId), command, {
    metadata: { correlationId: 'asked', causationId: null, actor: USER },
    eventId: () => crypto.randomUUID(),
  });

export interface Authorizing {
  readonly commandId?: string;
  readonly user?: string;
  readonly nonce?: string;
  readonly value?: string;
}

/** A request that its user has signed, in the log as the log has it, whatever the rules say now. */
export async function authorizeRelay(
  store: EventStore,
  { commandId = COMMAND, user = USER, nonce = '0', value = '0' }: Authorizing = {},
): Promise<AuthorizedRelay> {
  await give(store, commandId, {
    type: 'AskRequest',
    kind: 'DEACTIVATE_TOKEN',
    header: {
      commandId,
      chainId: CHAIN_ID,
      requester: user,
      execution: 'RELAYED',
      inputHash: ZeroHash,
      requestedAt: REQUESTED_AT,
      deadline: DEADLINE,
    },
    ask: { tokenAddress: FORWARDER, known: { creator: user, active: true, pending: false } },
  });
  const forward = {
    ...{ from: user, to: FORWARDER, value, gas: '100000', nonce },
    deadline: Date.parse(DEADLINE) / 1_000,
    data: INNER_CALL,
  };
  const signature = `0x${'12'.repeat(65)}`;
  const metadata = { correlationId: 'asked', causationId: null, actor: user };
  for (const told of [
    { type: 'RelayRequested', data: { commandId, chainId: CHAIN_ID, forward } },
    { type: 'RelayAuthorized', data: { commandId, chainId: CHAIN_ID, signature } },
  ]) {
    const event = { id: crypto.randomUUID(), ...told, version: 1, metadata };
    await store.append(requestStream(commandId), [event], 'any');
  }
  return { commandId, signer: user, correlationId: 'asked', authorizedAt: (await store.head()) ?? 0n };
}

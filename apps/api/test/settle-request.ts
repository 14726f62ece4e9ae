import {
  type LoggedFact,
  type MinedIn,
  type ProgressCommand,
  requestDecider,
  requestStream,
} from '@abland/domain';
import { handleCommand } from '@abland/kernel';
import { v4 as uuidv4 } from 'uuid';
import type { TestApi } from './test-api.js';

/** What the processes of settlement and relaying do beside the API. */
export async function progress(api: TestApi, commandId: string, command: ProgressCommand): Promise<void> {
  const metadata = { correlationId: uuidv4(), causationId: null, actor: 'process:test' };
  const ids: string[] = [];
  const eventId = (index: number) => (ids[index] ??= uuidv4());
  await handleCommand(api.store, requestDecider, requestStream(commandId), command, { metadata, eventId });
}

export async function confirm(
  api: TestApi,
  commandId: string,
  mined: Omit<MinedIn, 'blockHash'>,
  fact: unknown,
): Promise<void> {
  const { chainId } = api.chain;
  const blockHash = api.chain.blockHash(mined.blockNumber);
  await progress(api, commandId, {
    ...{ type: 'ConfirmRequest', chainId, mined: { ...mined, blockHash } },
    ...{ fact: fact as LoggedFact, before: [] },
  });
}

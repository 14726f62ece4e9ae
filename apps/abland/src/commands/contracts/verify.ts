import { readFile } from 'node:fs/promises';
import { NetworkMismatchError, parseRecord, recordedPlan, verifyPlan } from '@abland/contracts';
import { openProvider } from '../../provider/open-provider.js';
import { say } from '../../terminal/say.js';

export interface VerifyFlags {
  readonly rpc: string;
  readonly deployment: string;
}

/**
 * Reads a recorded deployment back from the chain: every contract's code byte by byte against this checkout's, owners, roles
 * and parameters against the record's. Needs no key and sends nothing.
 */
export async function verify({ rpc, deployment }: VerifyFlags): Promise<void> {
  const record = parseRecord(await readFile(deployment, 'utf8'));
  const provider = await openProvider(rpc);
  try {
    const { chainId } = await provider.getNetwork();
    if (chainId !== BigInt(record.chainId)) {
      throw new NetworkMismatchError(`the node is of chain ${chainId}, the deployment of ${record.chainId}`);
    }
    const plan = recordedPlan(record);
    await verifyPlan(provider, plan);
    for (const { name, address, args } of plan.contracts) {
      say(`${name} at ${address} (${args.map(String).join(', ')})`);
    }
    say(`${plan.contracts.length} contracts are as recorded: code, owners, roles and parameters`);
  } finally {
    provider.destroy();
  }
}

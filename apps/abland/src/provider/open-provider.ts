import { RpcUnavailableError } from '@abland/chain';
import { withoutSecrets } from '@abland/kernel';
import { FetchRequest, JsonRpcProvider, type JsonRpcApiProviderOptions } from 'ethers';

/** Of one request, answered or not; ethers' own limit is five minutes. */
const REQUEST_MS = 15_000;

/**
 * A node for the length of one command, which is known to answer and whose chain is asked only here: ethers on its own goes on
 * asking which chain it is, once a second and without an end, while nobody answers. Whoever opens it destroys it.
 * @throws RpcUnavailableError
 */
export async function openProvider(
  rpcUrl: string,
  options: JsonRpcApiProviderOptions = {},
  requestMs = REQUEST_MS,
): Promise<JsonRpcProvider> {
  const request = new FetchRequest(rpcUrl);
  request.timeout = requestMs;
  const asking = new JsonRpcProvider(request);
  try {
    const network = await asking.getNetwork();
    return new JsonRpcProvider(request, network, { ...options, staticNetwork: network });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RpcUnavailableError(
      `the chain's node does not answer: ${withoutSecrets(reason)} (${withoutSecrets(rpcUrl)})`,
      {},
      error,
    );
  } finally {
    asking.destroy();
  }
}

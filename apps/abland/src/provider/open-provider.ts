import { RpcUnavailableError } from '@abland/chain';
import { withoutSecrets } from '@abland/kernel';
import {
  FetchRequest,
  type JsonRpcApiProviderOptions,
  type JsonRpcPayload,
  JsonRpcProvider,
  type JsonRpcResult,
} from 'ethers';

/** Of one request, answered or not; ethers' own limit is five minutes. */
const REQUEST_MS = 15_000;

/**
 * A node for the length of one command, which is known to answer and whose chain is asked only here: ethers on its own goes on
 * asking which chain it is, once a second and without an end, while nobody answers. Whoever opens it destroys it.
 * @throws RpcUnavailableError, as does each request later on while nobody answers
 */
export async function openProvider(
  rpcUrl: string,
  options: JsonRpcApiProviderOptions = {},
  requestMs = REQUEST_MS,
): Promise<JsonRpcProvider> {
  const request = new FetchRequest(rpcUrl);
  request.timeout = requestMs;
  const asking = new ReachedProvider(request);
  try {
    const network = await asking.getNetwork();
    return new ReachedProvider(request, network, { ...options, staticNetwork: network });
  } catch (error) {
    throw error instanceof RpcUnavailableError ? error : unavailable(rpcUrl, error);
  } finally {
    asking.destroy();
  }
}

/** A node that does not answer is told as that, whenever it comes to it, and not by all that ethers knows of the request. */
class ReachedProvider extends JsonRpcProvider {
  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    try {
      return await super._send(payload);
    } catch (error) {
      throw unavailable(this._getConnection().url, error);
    }
  }
}

const unavailable = (url: string, cause: unknown): RpcUnavailableError =>
  new RpcUnavailableError(`the chain's node does not answer (${withoutSecrets(url)})`, {}, cause);

import { Inject, Injectable } from '@nestjs/common';
import { type AcceptedRequest, type ForwardRequest, secondsOf } from '@abland/domain';
import {
  forwarderNonce,
  listRequests,
  PAGE_SIZE_MAX,
  type ReadModel,
  type RelayStatus,
} from '@abland/projections';
import { ChainDirectory } from '../chains/chain-directory.js';
import { PORT } from '../ports/ports.js';
import { EDGE_KINDS, type EdgeKinds } from './kinds/edge-kinds.js';

const ON_THEIR_WAY: ReadonlySet<RelayStatus | null> = new Set(['AUTHORIZED', 'SIGNED', 'RETRYING']);

/** What callers are asked to sign, so that our sender may carry it. */
@Injectable()
export class RelayForms {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(EDGE_KINDS) private readonly kinds: EdgeKinds,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
  ) {}

  async forwardOf({ kind, request }: AcceptedRequest): Promise<ForwardRequest> {
    const { chainId, requester: from, deadline } = request;
    const chain = this.chains.byId(chainId);
    const [{ call, gasMax }, nonce] = await Promise.all([
      this.kinds[kind].plan(request as never, chain),
      this.nextNonce(chainId, from),
    ]);
    const { to, value, data } = call;
    return {
      ...{ from, to, value, data },
      gas: gasMax.toString(),
      nonce: nonce.toString(),
      deadline: secondsOf(deadline),
    };
  }

  /** What the forwarder expects after those of the caller's requests that are signed and not mined yet. */
  private async nextNonce(chainId: number, signer: string): Promise<bigint> {
    const [mined, open] = await Promise.all([
      forwarderNonce(this.readModel, { chainId, signer }),
      listRequests(this.readModel, {
        filter: { chainId, requester: signer, statuses: ['ACCEPTED', 'SUBMITTED'] },
        page: { first: PAGE_SIZE_MAX },
      }),
    ]);
    const ahead = open.edges.filter(({ node }) => ON_THEIR_WAY.has(node.relayStatus));
    return mined + BigInt(ahead.length);
  }
}

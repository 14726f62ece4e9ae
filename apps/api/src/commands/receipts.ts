import { Inject, Injectable } from '@nestjs/common';
import { forwardRequestTypedData } from '@abland/chain';
import { type AcceptedRequest, transactionOf } from '@abland/domain';
import type { Position } from '@abland/kernel';
import type { ReadModel } from '@abland/projections';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { requireForwarder } from '../served-chains/served-chain.js';
import { PORT } from '../ports/ports.js';
import { missingApprovals } from './token-approvals.js';
import type { CommandReads } from './kinds/command-reads.js';
import { EDGE_KINDS, type EdgeKinds } from './kinds/edge-kinds.js';
import { OpenRequests } from './open/open-requests.js';
import { spendsOf } from './open/spending.js';
import type { CommandReceipt } from './types/command.types.js';

const NOTHING_TO_SIGN = { transaction: null, approvals: [], signatureRequest: null };

/** A request, and how far the log must be read to know it as it is. */
export interface Accepted {
  readonly state: AcceptedRequest;
  readonly position: Position;
}

/** What became of commands when they were given. */
@Injectable()
export class Receipts {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(EDGE_KINDS) private readonly kinds: EdgeKinds,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
    @Inject(OpenRequests) private readonly open: OpenRequests,
  ) {}

  /**
   * What is signed is told only while nothing is on its way: signing it twice would do it twice.
   * @param known what the command was judged by, where it was just now
   */
  async of({ position, state }: Accepted, known: CommandReads | null = null): Promise<CommandReceipt> {
    const { status, kind } = state;
    const { commandId, chainId, execution, deadline } = state.request;
    const txHash = transactionOf(state);
    const told = { commandId, chainId, kind, status, execution, deadline, txHash, position };
    if (status !== 'ACCEPTED') return { ...told, ...NOTHING_TO_SIGN };
    return { ...told, ...(await this.toSign(state, known)) };
  }

  private async toSign(
    { kind, request, relay }: AcceptedRequest,
    known: CommandReads | null,
  ): Promise<typeof NOTHING_TO_SIGN | ToSign> {
    const { chainId, execution, requester } = request;
    const chain = this.chains.byId(chainId);
    const plan = await this.kinds[kind].plan(request as never, chain);
    const spends = await spendsOf(this.readModel, { kind, request });
    const read = known?.openRequests ?? (() => this.open.of(chainId, requester));
    const open = spends.length === 0 ? [] : await read();
    const others = open.filter((one) => one.request.commandId !== request.commandId);
    const approvals = await missingApprovals(this.readModel, chain, requester, spends, others);
    if (execution === 'WALLET') {
      return { transaction: { ...plan.call, chainId }, approvals, signatureRequest: null };
    }
    const signatureRequest =
      relay?.status === 'REQUESTED'
        ? forwardRequestTypedData(requireForwarder(chain, 'execution'), relay.forward)
        : null;
    return { transaction: null, approvals, signatureRequest };
  }
}

type ToSign = Pick<CommandReceipt, 'transaction' | 'approvals' | 'signatureRequest'>;

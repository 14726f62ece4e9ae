import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type AskRequest, millisecondsOf, type RequestKindName } from '@abland/domain';
import { type Clock, type EventStore } from '@abland/kernel';
import type { ReadModel } from '@abland/projections';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { requireForwarder } from '../served-chains/served-chain.js';
import { PORT } from '../ports/ports.js';
import { eventIds } from '../recording/identity.js';
import { Roles } from '../roles/roles.js';
import { recordingRejection } from '../recording/rejections.js';
import { type GivenCommand, headerOf, identify } from './given-command.js';
import { CommandReads } from './kinds/command-reads.js';
import { EDGE_KINDS, type EdgeKinds } from './kinds/edge-kinds.js';
import type { AnyEdgeKind, Asking } from './kinds/kind.js';
import { OpenRequests } from './open/open-requests.js';
import { CallersInTurn } from './open/callers-in-turn.js';
import { Receipts } from './receipts.js';
import { RelayForms } from './relay-forms.js';
import type { RequestAggregate } from './request/request-aggregate.js';
import { RequestRepository } from './request/request-repository.js';
import type { CommonCommandInput } from './types/command.inputs.js';
import type { CommandReceipt } from './types/command.types.js';

/** What takes a role where creators are appointed. */
const CREATING: ReadonlySet<RequestKindName> = new Set(['CREATE_TOKEN', 'CREATE_POOL']);

/** A person asks something of a chain. */
export class AskForRequest extends Command<CommandReceipt> {
  constructor(
    readonly kind: RequestKindName,
    readonly caller: string,
    readonly input: CommonCommandInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

/**
 * Accepts a command once: the same key with the same input gives the request as it is, with another input is refused. A
 * command given again is not judged again, for what was right when it was accepted may be wrong by now.
 */
@CommandHandler(AskForRequest)
export class AskForRequestHandler implements ICommandHandler<AskForRequest> {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(EDGE_KINDS) private readonly kinds: EdgeKinds,
    @Inject(RequestRepository) private readonly requests: RequestRepository,
    @Inject(RelayForms) private readonly forms: RelayForms,
    @Inject(Receipts) private readonly receipts: Receipts,
    @Inject(CallersInTurn) private readonly callersInTurn: CallersInTurn,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(OpenRequests) private readonly open: OpenRequests,
    @Inject(PORT.commandReadModel) private readonly readModel: ReadModel,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {}

  async execute({ kind: name, caller, input, correlationId }: AskForRequest): Promise<CommandReceipt> {
    const kind = this.kinds[name];
    const chain = this.chains.meant(input.chainId);
    const wanted = kind.parse(input as never);
    const given = identify({ name: kind.mutation, caller, correlationId, chain, input, wanted });
    const { commandId } = given;
    const context = {
      metadata: { correlationId, causationId: null, actor: caller },
      // Of this input: another one under the same key is another command to the request.
      eventId: eventIds(commandId, `asked:${given.inputHash}`),
    };
    const { clock, open, readModel } = this;
    let reads: CommandReads | null = null;
    let repeated = false;
    const change = (): Promise<RequestAggregate> =>
      this.requests.change(commandId, context, async (loaded) => {
        repeated = !loaded.isNew;
        if (!loaded.isNew) return repeat(loaded, given);
        reads = new CommandReads({ clock, open, readModel }, { chainId: chain.chainId, caller });
        await this.accept(loaded, kind, given, wanted, { chain, caller, reads });
      });
    // One command of a person after another: each is judged by what those before it take. The making of a token takes nothing.
    const takes = name !== 'CREATE_TOKEN';
    const request = await (takes ? this.callersInTurn.run(`${chain.chainId} ${caller}`, change) : change());
    return repeated
      ? this.receipts.of(await this.withForm(request, given))
      : this.receipts.of(request, reads);
  }

  /** What is to be signed may have changed since it was asked for: its nonce may be another's, a fee be raised. */
  private async withForm(
    accepted: RequestAggregate,
    { correlationId, caller }: GivenCommand,
  ): Promise<RequestAggregate> {
    const { state } = accepted;
    const { commandId, deadline } = state.request;
    const awaited = state.status === 'ACCEPTED' && state.relay?.status === 'REQUESTED';
    if (!awaited || millisecondsOf(deadline) < this.clock()) return accepted;
    const context = {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: () => randomUUID(), // appended by revision: once, and where it is asked for again it is known by then
    };
    return this.requests.change(commandId, context, async (loaded) => {
      const forward = await this.forms.forwardOf(loaded.state, correlationId);
      loaded.ask({ type: 'RequestRelay', forward });
    });
  }

  private async accept(
    request: RequestAggregate,
    kind: AnyEdgeKind,
    given: GivenCommand,
    wanted: object,
    asking: Asking,
  ): Promise<void> {
    if (given.execution === 'RELAYED') requireForwarder(asking.chain, 'execution');
    const { time: newestBlockTime } = await asking.reads.head();
    const timed = headerOf(given, { now: this.clock(), newestBlockTime });
    const { log, clock } = this;
    await recordingRejection({ log, clock }, given, async () => {
      if (CREATING.has(kind.name)) await this.roles.requireCreator(given.caller);
      const ask = await kind.ask(wanted as never, asking);
      request.ask({ type: 'AskRequest', kind: kind.name, ...timed, ask } as AskRequest);
      if (given.execution === 'RELAYED') {
        const forward = await this.forms.forwardOf(request.state, given.correlationId);
        request.ask({ type: 'RequestRelay', forward });
      }
      await kind.keep?.(wanted as never);
    });
  }
}

/** @throws DomainError IDEMPOTENCY_KEY_REUSED where it is not the same command */
function repeat(request: RequestAggregate, { inputHash }: GivenCommand): void {
  const { kind, request: known } = request.state;
  request.ask({ type: 'AskRequest', kind, header: { ...known, inputHash }, ask: known.terms } as AskRequest);
}

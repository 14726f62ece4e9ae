import type { AskRequest, Requested, RequestKindName, REQUEST_KINDS } from '@abland/domain';
import type { ReadModel } from '@abland/projections';
import type { ServedChain } from '../../served-chains/served-chain.js';
import type { MetadataStore } from '../../metadata/metadata-store.js';
import type { Understood } from '../../recording/identity.js';
import type { CommandReads } from './command-reads.js';
import type { TransactionPlan } from './transaction-plan.js';

/** What the kinds read and keep. */
export interface KindPorts {
  /** The newest state there is. */
  readonly readModel: ReadModel;
  readonly metadata: MetadataStore;
}

/** Who asks, of which chain, and what is known of both. */
export interface Asking {
  readonly chain: ServedChain;
  readonly caller: string;
  readonly reads: CommandReads;
}

type AskOf<Name extends RequestKindName> = Extract<AskRequest, { kind: Name }>['ask'];
type RequestOf<Name extends RequestKindName> = Requested<ReturnType<(typeof REQUEST_KINDS)[Name]['accept']>>;

/** A kind of request at the edge: what its input says, what is known of it, and how it is encoded for the chain. */
export interface EdgeKind<
  Name extends RequestKindName,
  Input,
  Wanted extends Readonly<Record<string, Understood>>,
> {
  readonly name: Name;
  /** The mutation's name. */
  readonly mutation: string;
  /** @throws DomainError, ApiError where the input is malformed */
  readonly parse: (input: Input) => Wanted;
  /** What is decided upon: what is wanted, and what the read models know. Runs only for a new command. */
  readonly ask: (wanted: Wanted, asking: Asking) => Promise<AskOf<Name>>;
  /** Keeps what the request points at: once it is decided, and before it is in the log. */
  readonly keep?: (wanted: Wanted) => Promise<void>;
  /** What is to be signed; not asked for once that is done. */
  readonly plan: (request: RequestOf<Name>, chain: ServedChain) => TransactionPlan | Promise<TransactionPlan>;
}

/** A kind whose input and terms are not looked into. */
export interface AnyEdgeKind {
  readonly name: RequestKindName;
  readonly mutation: string;
  readonly parse: (input: never) => Readonly<Record<string, Understood>>;
  readonly ask: (wanted: never, asking: Asking) => Promise<AskRequest['ask']>;
  readonly keep?: (wanted: never) => Promise<void>;
  readonly plan: (request: never, chain: ServedChain) => TransactionPlan | Promise<TransactionPlan>;
}

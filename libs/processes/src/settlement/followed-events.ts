import {
  type BlockFact,
  type ForwardRequestExecuted,
  type Hash,
  type LoggedFact,
  REQUEST_KINDS,
  REQUESTED_TYPES,
  type RelayAuthorized,
  type RelayRequested,
  type RelayerTransactionSigned,
  type RequestedEvent,
  type RequestKindName,
  type RequestProgress,
  type TransactionFailed,
} from '@abland/domain';
import type { ChainReference, RecordedEvent } from '@abland/kernel';
import type { Recorded } from '../engine/recorded.js';

/**
 * What of a request's stream matters: what others than settlement say of it, and that a retraction opened it again. Its
 * confirmation, reversal and finality are settlement's own words: it knows them from the chain before they are recorded.
 */
export type FollowedProgress = Extract<
  RequestProgress,
  { type: 'RequestSubmitted' | 'RequestFailed' | 'RequestExpired' | 'RequestRetracted' }
>;
export type RequestNews = FollowedProgress | RelayRequested | RelayAuthorized | RelayerTransactionSigned;

const NEWS_TYPES = [
  'RequestSubmitted',
  'RequestFailed',
  'RequestExpired',
  'RequestRetracted',
  'RelayRequested',
  'RelayAuthorized',
  'RelayerTransactionSigned',
] as const satisfies readonly RequestNews['type'][];

const BLOCK_TYPES = [
  'BlockIngested',
  'BlocksReverted',
  'BlocksFinalized',
] as const satisfies readonly BlockFact['type'][];

const KINDS_ANSWERED_BY = new Map<string, RequestKindName[]>();
for (const { name, answeredBy } of Object.values(REQUEST_KINDS)) {
  for (const type of answeredBy) KINDS_ANSWERED_BY.set(type, [...(KINDS_ANSWERED_BY.get(type) ?? []), name]);
}
const ALL_KINDS = Object.keys(REQUEST_KINDS) as readonly RequestKindName[];

/** What matters while nobody has asked for anything: a fact answers a request that stands in the log before it, and no other. */
export const UNASKED_TYPES: readonly string[] = [...REQUESTED_TYPES, ...NEWS_TYPES, ...BLOCK_TYPES];

export const FOLLOWED_TYPES: readonly string[] = [
  ...UNASKED_TYPES,
  ...KINDS_ANSWERED_BY.keys(),
  'TransactionFailed',
  'ForwardRequestExecuted',
];

const requestedTypes: ReadonlySet<string> = new Set(REQUESTED_TYPES);
const newsTypes: ReadonlySet<string> = new Set(NEWS_TYPES);

export const isRequested = (event: RecordedEvent): event is Recorded<RequestedEvent> =>
  requestedTypes.has(event.type);
export const isNews = (event: RecordedEvent): event is Recorded<RequestNews> => newsTypes.has(event.type);

/** A fact of a transaction, with its place on the chain. */
export type MinedFact = Recorded<LoggedFact | TransactionFailed> & {
  readonly metadata: { readonly chain: ChainReference & { readonly txHash: Hash } };
};

export const isMined = (event: RecordedEvent): event is MinedFact & RecordedEvent =>
  typeof event.metadata.chain?.txHash === 'string';

export type Failure = Recorded<TransactionFailed> & MinedFact;
export const isFailure = (fact: MinedFact): fact is Failure => fact.type === 'TransactionFailed';

/** The forwarder says that it executed a signed request; what that came to stands before it. */
export type ForwarderExecution = Recorded<ForwardRequestExecuted> & MinedFact;
export const isExecution = (fact: MinedFact): fact is ForwarderExecution =>
  fact.type === 'ForwardRequestExecuted';

/** In lower case, whose request a fact may answer; null where the fact does not tell. */
export function accountOf({ data }: { readonly data: object }): string | null {
  const { user, creator, from, signer } = data as Partial<Record<string, string>>;
  return (user ?? creator ?? from ?? signer)?.toLowerCase() ?? null;
}

/** The kinds of requests that a fact may answer: a failure any. */
export const kindsAnsweredBy = ({ type }: MinedFact): readonly RequestKindName[] =>
  type === 'TransactionFailed' ? ALL_KINDS : (KINDS_ANSWERED_BY.get(type) ?? []);

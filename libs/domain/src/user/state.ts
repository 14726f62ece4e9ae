import type { Address, HexData, Instant, Uuid } from '../vocabulary/values.js';
import type {
  ApiKeyCreated,
  ApiKeyRateClass,
  ApiKeyRateSet,
  Role,
  SessionRefreshed,
  SessionStarted,
  UserErased,
  UserEvent,
} from './events.js';

/** What all have who were ever registered. It holds nothing personal: a copy of it would outlive an erasure. */
interface Known {
  readonly address: Address;
  /** How many times this address was registered. */
  readonly registration: number;
  /** Up to which registration the keys are destroyed; 0: none is. */
  readonly keysDestroyed: number;
  /**
   * Hash of the input of each of the newest commands about the person, oldest first; null where it is personal itself: whoever guesses a
   * few words can tell by it that they guessed right. The command's event tells that one.
   */
  readonly commands: Readonly<Record<Uuid, string | null>>;
  /** One for each registration that has ended, in order. */
  readonly erasures: readonly Erasure[];
}
export type Erasure = Pick<UserErased['data'], 'commandId' | 'at' | 'by' | 'requestedBy'>;
export type RegisteredUser = Known & {
  readonly status: 'REGISTERED';
  readonly signedInAt: Instant | null;
  /** Those that were not ended, by their ids; some may have expired. */
  readonly sessions: Readonly<Record<Uuid, UserSession>>;
  /** In the order in which they were granted. */
  readonly roles: readonly Role[];
  /** Those that were not revoked, by their ids; some may have expired. */
  readonly apiKeys: Readonly<Record<Uuid, UserApiKey>>;
  /** Whether their acts take their wallet's word, each. */
  readonly confirmsActs: boolean;
};
export interface UserApiKey extends Pick<ApiKeyCreated['data'], 'secretHash' | 'scopes' | 'expiresAt'> {
  readonly createdAt: Instant;
  readonly rateClass: ApiKeyRateClass;
}
export interface UserSession {
  readonly startedAt: Instant;
  /** When its newest refresh token was made. */
  readonly refreshedAt: Instant;
  readonly expiresAt: Instant;
  /** SHA-256 of the secret in its newest refresh token. */
  readonly tokenHash: HexData;
  /** In the one before; null before the first refresh. */
  readonly previousHash: HexData | null;
}
export type ErasedUser = Known & { readonly status: 'ERASED' };
export type UserState = { readonly status: 'UNKNOWN' } | RegisteredUser | ErasedUser;

export function evolve(state: UserState, event: UserEvent): UserState {
  switch (event.type) {
    case 'UserRegistered':
      return registered(state, event.data.address);
    case 'UserSignedIn':
      // A registration comes before the first sign-in; without it the address is told here.
      return { ...registeredOr(state, event.data.address), signedInAt: event.data.at };
    case 'SessionStarted':
      return state.status === 'REGISTERED' ? withSession(state, event.data) : state;
    case 'SessionRefreshed':
      return state.status === 'REGISTERED' ? refreshed(state, event.data) : state;
    case 'SessionEnded':
      return state.status === 'REGISTERED' ? withoutSession(state, event.data.sessionId) : state;
    case 'ApiKeyCreated':
      return state.status === 'REGISTERED' ? withApiKey(state, event.data) : state;
    case 'ApiKeyRevoked':
    case 'ApiKeyEnded':
      return state.status === 'REGISTERED' ? withoutApiKey(state, event.data.keyId) : state;
    case 'ApiKeyRateSet':
      return state.status === 'REGISTERED' ? withRateClass(state, event.data) : state;
    case 'UserRoleGranted':
      return state.status === 'REGISTERED' ? withRole(state, event.data.role) : state;
    case 'UserRoleRevoked':
      return state.status === 'REGISTERED' ? withoutRole(state, event.data.role) : state;
    case 'ConfirmationTurnedOn':
    case 'ConfirmationTurnedOff':
      return state.status === 'REGISTERED'
        ? { ...state, confirmsActs: event.type === 'ConfirmationTurnedOn' }
        : state;
    case 'ActConfirmed':
    case 'CommandRejected':
      return state;
    case 'ProfileUpdated':
      return state.status === 'UNKNOWN' ? state : withCommand(state, event.data.commandId, null);
    case 'UserErased':
      return state.status === 'UNKNOWN' ? state : erased(state, event);
    case 'UserKeyDestroyed':
      return state.status === 'UNKNOWN' ? state : { ...state, keysDestroyed: event.data.registration };
  }
}

/** Commands whose inputs are held in a state; of an older one its event tells. A person may give as many as they like. */
const COMMANDS_MAX = 100;

const NEVER_REGISTERED = { registration: 0, keysDestroyed: 0, commands: {}, erasures: [] } as const;

function registered(state: UserState, address: Address): RegisteredUser {
  const before = state.status === 'UNKNOWN' ? NEVER_REGISTERED : state;
  const { registration, keysDestroyed, commands, erasures } = before;
  return {
    ...{ status: 'REGISTERED', address, registration: registration + 1 },
    ...{ keysDestroyed, commands, erasures, signedInAt: null, sessions: {}, roles: [], apiKeys: {} },
    confirmsActs: false,
  };
}

const registeredOr = (state: UserState, address: Address): RegisteredUser =>
  state.status === 'REGISTERED' ? state : registered(state, address);

/** Those that had expired by then are forgotten. */
function withSession(
  state: RegisteredUser,
  { at, expiresAt, sessionId, tokenHash }: SessionStarted['data'],
): RegisteredUser {
  const others = Object.entries(state.sessions).filter(([, other]) => other.expiresAt > at);
  const session = { startedAt: at, refreshedAt: at, expiresAt, tokenHash, previousHash: null };
  return { ...state, sessions: { ...Object.fromEntries(others), [sessionId]: session } };
}

function refreshed(
  state: RegisteredUser,
  { at, sessionId, tokenHash }: SessionRefreshed['data'],
): RegisteredUser {
  const before = state.sessions[sessionId];
  if (before === undefined) return state;
  const session = { ...before, refreshedAt: at, tokenHash, previousHash: before.tokenHash };
  return { ...state, sessions: { ...state.sessions, [sessionId]: session } };
}

function withoutSession(state: RegisteredUser, sessionId: Uuid): RegisteredUser {
  const { [sessionId]: _ended, ...sessions } = state.sessions;
  return { ...state, sessions };
}

/** Those that had expired by then are forgotten. */
function withApiKey(
  state: RegisteredUser,
  { at, expiresAt, keyId, scopes, secretHash }: ApiKeyCreated['data'],
): RegisteredUser {
  const others = Object.entries(state.apiKeys).filter(([, other]) => other.expiresAt > at);
  const key: UserApiKey = { secretHash, scopes, expiresAt, createdAt: at, rateClass: 'SHARED' };
  return { ...state, apiKeys: { ...Object.fromEntries(others), [keyId]: key } };
}

function withoutApiKey(state: RegisteredUser, keyId: Uuid): RegisteredUser {
  const { [keyId]: _revoked, ...apiKeys } = state.apiKeys;
  return { ...state, apiKeys };
}

function withRateClass(state: RegisteredUser, { keyId, rateClass }: ApiKeyRateSet['data']): RegisteredUser {
  const key = state.apiKeys[keyId];
  return key === undefined
    ? state
    : { ...state, apiKeys: { ...state.apiKeys, [keyId]: { ...key, rateClass } } };
}

const withRole = (state: RegisteredUser, role: Role): RegisteredUser =>
  state.roles.includes(role) ? state : { ...state, roles: [...state.roles, role] };

const withoutRole = (state: RegisteredUser, role: Role): RegisteredUser => ({
  ...state,
  roles: state.roles.filter((one) => one !== role),
});

function erased(state: RegisteredUser | ErasedUser, { data }: UserErased): ErasedUser {
  const { address, registration, keysDestroyed, commands, erasures } = withCommand(
    state,
    data.commandId,
    data.inputHash,
  );
  const { commandId, at, by, requestedBy } = data;
  return {
    ...{ status: 'ERASED', address, registration, keysDestroyed, commands },
    erasures: [...erasures, { commandId, at, by, requestedBy }],
  };
}

function withCommand<State extends RegisteredUser | ErasedUser>(
  state: State,
  commandId: Uuid,
  inputHash: string | null,
): State {
  const kept = Object.entries(state.commands).slice(-(COMMANDS_MAX - 1));
  return { ...state, commands: { ...Object.fromEntries(kept), [commandId]: inputHash } };
}

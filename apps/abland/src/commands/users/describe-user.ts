import { type ProfileUpdated, type UserEvent, userDecider, type UserState } from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';

/** What the log has of a person, for an operator or an auditor: a summary, and on demand every event, a line each. */
export async function* describeUser(
  store: EventStore,
  stream: string,
  history: boolean,
): AsyncGenerator<string> {
  let state: UserState = userDecider.initialState;
  let profile: ProfileUpdated['data'] | null = null;
  for await (const page of store.readStream(stream)) {
    for (const recorded of page) {
      const event = recorded as unknown as UserEvent;
      state = userDecider.evolve(state, event);
      if (event.type === 'ProfileUpdated') profile = event.data;
      if (event.type === 'UserErased') profile = null;
      if (history) yield eventLine(recorded);
    }
  }
  yield* summary(state, profile);
}

const eventLine = ({ revision, recordedAt, type, data }: RecordedEvent): string =>
  `${revision}  ${recordedAt}  ${type}  ${JSON.stringify(data)}`;

function* summary(state: UserState, profile: ProfileUpdated['data'] | null): Generator<string> {
  if (state.status === 'UNKNOWN') return yield 'Nobody signed in with this address.';
  const { address, status, registration, keysDestroyed } = state;
  yield `${address}  ${status}, registration ${registration}`;
  for (const [index, { at, by, requestedBy }] of state.erasures.entries()) {
    const key = index < keysDestroyed ? 'its key is destroyed' : 'its key is still to be destroyed';
    yield `registration ${index + 1} was erased at ${at} by ${by} (${requestedBy}); ${key}`;
  }
  if (state.status === 'REGISTERED' && state.roles.length > 0) yield `roles  ${state.roles.join(', ')}`;
  if (profile === null) return yield 'no profile';
  const { displayName, email, bio, avatarUri, at } = profile;
  yield `profile of ${at}  ${JSON.stringify({ displayName, email, bio, avatarUri })}`;
}

import { type RegisteredUser, userDecider, userStream } from '@abland/domain';
import { type EventStore, loadAggregate, systemTiming, type Timing } from '@abland/kernel';

/**
 * For how long what the log says of a person is believed without another look. Of an end of a session each process hears by itself,
 * mostly within milliseconds (`SessionWatch`): this is how long it takes at most where it hears nothing.
 */
export const BELIEVED_MS = 5_000;
/** Persons that a process remembers: whoever asked the longest ago is forgotten. */
const REMEMBERED_MAX = 10_000;

/** Those that were not ended, by their ids; some may have expired. */
export type UserSessions = RegisteredUser['sessions'];

interface Remembered {
  readonly askedAt: number;
  readonly sessions: Promise<UserSessions>;
}

/** Who is signed in, by the log, remembered for moments: a person who asks often costs one look in five seconds. */
export class KnownUsers {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly log: EventStore,
    private readonly timing: Pick<Timing, 'now'> = systemTiming,
  ) {}

  /** As the log had it up to five seconds ago. */
  async sessionsOf(address: string): Promise<UserSessions> {
    const found = this.remembered.get(address);
    if (found === undefined || this.timing.now() - found.askedAt >= BELIEVED_MS)
      return this.newestOf(address);
    this.remembered.delete(address);
    this.remembered.set(address, found);
    return found.sessions;
  }

  /** As the log has it. */
  newestOf(address: string): Promise<UserSessions> {
    const sessions = this.look(address);
    this.remembered.delete(address);
    this.remembered.set(address, { askedAt: this.timing.now(), sessions });
    sessions.catch(() => this.forgetWhere(address, sessions));
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED_MAX && oldest !== undefined) this.remembered.delete(oldest);
    return sessions;
  }

  /** Whatever is asked from now on looks into the log. */
  forget(address: string): void {
    this.remembered.delete(address);
  }

  private async look(address: string): Promise<UserSessions> {
    const { state } = await loadAggregate(this.log, userDecider, userStream(address));
    return state.status === 'REGISTERED' ? state.sessions : {};
  }

  private forgetWhere(address: string, sessions: Promise<UserSessions>): void {
    if (this.remembered.get(address)?.sessions === sessions) this.remembered.delete(address);
  }
}

import { type RegisteredUser, userDecider, userStream } from '@abland/domain';
import { type EventStore, loadAggregate, systemTiming, type Timing } from '@abland/kernel';

/**
 * For how long what the log says of a person is believed without another look. Of an end of a session each process hears by itself,
 * mostly within milliseconds (`SessionWatch`): this is how long it takes at most where it hears nothing.
 */
export const BELIEVED_MS = 5_000;
/** Persons that a process remembers: whoever asked the longest ago is forgotten. */
const REMEMBERED_MAX = 10_000;

/** Of sessions and keys those that were not ended, by their ids; some may have expired. */
export type KnownUser = Pick<RegisteredUser, 'sessions' | 'roles' | 'apiKeys'>;

const NOBODY: KnownUser = { sessions: {}, roles: [], apiKeys: {} };

interface Remembered {
  readonly askedAt: number;
  readonly user: Promise<KnownUser>;
}

/** Who is signed in and what they may, by the log, remembered for moments: a person who asks often costs one look in five seconds. */
export class KnownUsers {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly log: EventStore,
    private readonly timing: Pick<Timing, 'now'> = systemTiming,
  ) {}

  /** As the log had it up to five seconds ago. */
  async of(address: string): Promise<KnownUser> {
    const found = this.remembered.get(address);
    if (found === undefined || this.timing.now() - found.askedAt >= BELIEVED_MS)
      return this.newestOf(address);
    this.remembered.delete(address);
    this.remembered.set(address, found);
    return found.user;
  }

  /** As the log has it. */
  newestOf(address: string): Promise<KnownUser> {
    const user = this.look(address);
    this.remembered.delete(address);
    this.remembered.set(address, { askedAt: this.timing.now(), user });
    user.catch(() => this.forgetWhere(address, user));
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED_MAX && oldest !== undefined) this.remembered.delete(oldest);
    return user;
  }

  /** Whatever is asked from now on looks into the log. */
  forget(address: string): void {
    this.remembered.delete(address);
  }

  private async look(address: string): Promise<KnownUser> {
    const { state } = await loadAggregate(this.log, userDecider, userStream(address));
    if (state.status !== 'REGISTERED') return NOBODY;
    const { apiKeys, roles, sessions } = state;
    return { apiKeys, roles, sessions };
  }

  private forgetWhere(address: string, user: Promise<KnownUser>): void {
    if (this.remembered.get(address)?.user === user) this.remembered.delete(address);
  }
}

import { type RegisteredUser, userDecider, userStream } from '@abland/domain';
import { type EventStore, loadAggregate, systemTiming, type Timing } from '@abland/kernel';

/**
 * For how long what the log says of a person is believed without another look. Of an end of a session each process hears by itself,
 * mostly within milliseconds (`SessionWatch`): this is how long it takes at most where it hears nothing.
 */
export const BELIEVED_MS = 5_000;
/** Persons that a process remembers: whoever asked the longest ago is forgotten. */
const REMEMBERED_MAX = 10_000;
/** The same of those as whom somebody says to come: whoever makes up whom has nobody forgotten who did come. */
const PRESUMED_MAX = 1_000;

/** Of sessions and keys those that were not ended, by their ids; some may have expired. */
export type KnownUser = Pick<RegisteredUser, 'sessions' | 'roles' | 'apiKeys' | 'confirmsActs'>;

const NOBODY: KnownUser = { sessions: {}, roles: [], apiKeys: {}, confirmsActs: false };

interface Remembered {
  readonly askedAt: number;
  readonly user: Promise<KnownUser>;
}

/** Who is signed in and what they may, by the log, remembered for moments: a person who asks often costs one look in five seconds. */
export class KnownUsers {
  private readonly remembered: Moments;
  private readonly presumed: Moments;

  constructor(
    private readonly log: EventStore,
    timing: Pick<Timing, 'now'> = systemTiming,
  ) {
    this.remembered = new Moments(REMEMBERED_MAX, timing);
    this.presumed = new Moments(PRESUMED_MAX, timing);
  }

  /** As the log had it up to five seconds ago. */
  async of(address: string): Promise<KnownUser> {
    return this.remembered.of(address) ?? this.newestOf(address);
  }

  /** As the log has it. */
  newestOf(address: string): Promise<KnownUser> {
    return this.remembered.keep(address, this.look(address));
  }

  /**
   * Of an address that somebody only says to be of: with one look at most, where what is said is not known already. Who turns out to
   * be it is to be admitted.
   * @param isKnown whether what is said is so: it may have become it a moment ago
   */
  async presumedOf(address: string, isKnown: (user: KnownUser) => boolean): Promise<KnownUser> {
    const believed = this.remembered.peek(address) ?? this.presumed.of(address);
    if (believed !== undefined) {
      const user = await believed;
      if (isKnown(user)) return user;
    }
    return this.presumed.keep(address, this.look(address));
  }

  /** Who was presumed is it. */
  admit(address: string): void {
    const found = this.presumed.take(address);
    if (found !== undefined) this.remembered.adopt(address, found);
  }

  /** Whatever is asked from now on looks into the log. */
  forget(address: string): void {
    this.remembered.take(address);
    this.presumed.take(address);
  }

  private async look(address: string): Promise<KnownUser> {
    const { state } = await loadAggregate(this.log, userDecider, userStream(address));
    if (state.status !== 'REGISTERED') return NOBODY;
    const { apiKeys, confirmsActs, roles, sessions } = state;
    return { apiKeys, confirmsActs, roles, sessions };
  }
}

/** What was asked in the last moments, of so many. */
class Moments {
  private readonly entries = new Map<string, Remembered>();

  constructor(
    private readonly max: number,
    private readonly timing: Pick<Timing, 'now'>,
  ) {}

  of(address: string): Promise<KnownUser> | undefined {
    const user = this.peek(address);
    const found = user === undefined ? undefined : this.take(address);
    if (found !== undefined) this.put(address, found);
    return user;
  }

  /** The same, and the place among the others stays. */
  peek(address: string): Promise<KnownUser> | undefined {
    const found = this.entries.get(address);
    return found !== undefined && this.timing.now() - found.askedAt < BELIEVED_MS ? found.user : undefined;
  }

  /** What is being asked now: nothing of it stays where that fails. */
  keep(address: string, user: Promise<KnownUser>): Promise<KnownUser> {
    this.adopt(address, { askedAt: this.timing.now(), user });
    return user;
  }

  /** What was asked a moment ago, and may still fail. */
  adopt(address: string, entry: Remembered): void {
    this.put(address, entry);
    entry.user.catch(() => {
      if (this.entries.get(address)?.user === entry.user) this.entries.delete(address);
    });
  }

  private put(address: string, entry: Remembered): void {
    this.entries.delete(address);
    this.entries.set(address, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.max && oldest !== undefined) this.entries.delete(oldest);
  }

  take(address: string): Remembered | undefined {
    const found = this.entries.get(address);
    this.entries.delete(address);
    return found;
  }
}

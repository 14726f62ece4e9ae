import { randomUUID } from 'node:crypto';
import {
  type ApiKeyScope,
  apiKeysOf,
  type RevokeApiKeys,
  type SetApiKeyRate,
  type UserApiKey,
  type UserCommand,
  userDecider,
  userStream,
} from '@abland/domain';
import { type Clock, type EventStore, handleCommand, loadAggregate } from '@abland/kernel';
import { eventIds } from '../recording/identity.js';
import { apiKeyHashOf, apiKeyTextOf, newApiKeySecret } from '../sessions/api-key-text.js';
import type { KnownUsers } from '../sessions/known-users.js';

export interface ApiKeyPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  readonly known: KnownUsers;
}

/** For whom something is recorded, and in the course of what. */
export interface KeyAct {
  readonly address: string;
  readonly actor: string;
  readonly correlationId: string;
  /** Called once nothing speaks against it, and before it is recorded. Absent: nobody is asked. */
  readonly confirm?: () => Promise<void>;
}

type Listed = readonly [keyId: string, key: UserApiKey];

const DAY_MS = 24 * 60 * 60 * 1000;

/** Keys that people make for programs of theirs. */
export class ApiKeys {
  constructor(private readonly ports: ApiKeyPorts) {}

  /** Those that are good, the newest first. */
  async of(address: string): Promise<readonly Listed[]> {
    return apiKeysOf(await this.ports.known.newestOf(address), this.now()).toReversed();
  }

  /** @throws DomainError TOO_MANY_API_KEYS, USER_ERASED */
  async create(
    act: KeyAct,
    scopes: readonly ApiKeyScope[],
    days: number,
  ): Promise<{ readonly text: string; readonly listed: Listed }> {
    const keyId = randomUUID();
    const secret = newApiKeySecret();
    const at = this.now();
    const expiresAt = new Date(Date.parse(at) + days * DAY_MS).toISOString();
    const secretHash = apiKeyHashOf(secret);
    await this.record(act, { type: 'CreateApiKey', keyId, secretHash, scopes, expiresAt, at });
    const key = { secretHash, scopes, rateClass: 'SHARED', createdAt: at, expiresAt } as const;
    return { text: apiKeyTextOf({ keyId, address: act.address, secret }), listed: [keyId, key] };
  }

  /**
   * @param keyId null: all
   * @param by an operator, where it is not the person
   * @returns how many ended
   * @throws DomainError UNKNOWN_API_KEY, NOT_AN_OPERATOR, UNKNOWN_USER, USER_ERASED
   */
  revoke(act: KeyAct, keyId: string | null, by: RevokeApiKeys['by'] = null): Promise<number> {
    return this.record(act, { type: 'RevokeApiKeys', keyId, by, at: this.now() });
  }

  /** @throws DomainError NOT_AN_ADMIN, OWN_API_KEY, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY */
  async setRate(act: KeyAct, rate: Omit<SetApiKeyRate, 'type' | 'at'>): Promise<void> {
    await this.record(act, { type: 'SetApiKeyRate', ...rate, at: this.now() });
  }

  private now(): string {
    return new Date(this.ports.clock()).toISOString();
  }

  /** @returns how much it led to */
  private async record(
    { actor, address, confirm, correlationId }: KeyAct,
    command: UserCommand,
  ): Promise<number> {
    const { known, log } = this.ports;
    if (confirm !== undefined) {
      const { state } = await loadAggregate(log, userDecider, userStream(address));
      userDecider.decide(command, state);
      await confirm();
    }
    const { appended } = await handleCommand(log, userDecider, userStream(address), command, {
      metadata: { correlationId, causationId: null, actor },
      eventId: eventIds(randomUUID()),
    });
    // From now on this process believes nothing of before.
    known.forget(address);
    return appended;
  }
}

import { randomUUID } from 'node:crypto';
import {
  type ApiKeyScope,
  apiKeysOf,
  type SetApiKeyRate,
  type UserApiKey,
  type UserCommand,
  userDecider,
  userStream,
} from '@abland/domain';
import { type Clock, type EventStore, handleCommand } from '@abland/kernel';
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

  /** @throws DomainError UNKNOWN_API_KEY */
  revoke(act: KeyAct, keyId: string): Promise<void> {
    return this.record(act, { type: 'RevokeApiKey', keyId, at: this.now() });
  }

  /** @throws DomainError NOT_AN_ADMIN, UNKNOWN_USER, USER_ERASED, UNKNOWN_API_KEY */
  setRate(act: KeyAct, rate: Omit<SetApiKeyRate, 'type' | 'at'>): Promise<void> {
    return this.record(act, { type: 'SetApiKeyRate', ...rate, at: this.now() });
  }

  private now(): string {
    return new Date(this.ports.clock()).toISOString();
  }

  private async record({ actor, address, correlationId }: KeyAct, command: UserCommand): Promise<void> {
    const { known, log } = this.ports;
    await handleCommand(log, userDecider, userStream(address), command, {
      metadata: { correlationId, causationId: null, actor },
      eventId: eventIds(randomUUID()),
    });
    // From now on this process believes nothing of before.
    known.forget(address);
  }
}

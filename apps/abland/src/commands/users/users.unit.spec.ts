import { randomUUID } from 'node:crypto';
import { type ApiKeyScope, type Profile, userDecider, userStream } from '@abland/domain';
import { schemaCodec, withCodec } from '@abland/event-codec';
import { MemoryEventStore } from '@abland/event-store';
import { MemoryKeyStore, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import { type EventStore, handleCommand } from '@abland/kernel';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyLines, revokeApiKeys } from './api-keys.js';
import { changeRole } from './change-role.js';
import { describeUser } from './describe-user.js';
import { eraseUser } from './erase-user.js';

const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const AT = '2026-01-01T12:00:00.000Z';
const ADA: Profile = { displayName: 'Ada', email: 'ada@example.org', bio: null, avatarUri: null };

describe('what an operator does with people', () => {
  let keys: MemoryKeyStore;
  let store: EventStore;
  beforeEach(() => {
    keys = new MemoryKeyStore();
    store = withCodec(new MemoryEventStore(), personalDataCodec(new PersonalDataCipher(keys)), schemaCodec);
  });

  const give = (command: Parameters<typeof userDecider.decide>[0]) =>
    handleCommand(store, userDecider, userStream(ADDRESS), command, {
      metadata: { correlationId: 'test', causationId: null, actor: ADDRESS },
      eventId: () => randomUUID(),
    });
  const signIn = () => give({ type: 'SignInUser', address: ADDRESS, at: AT });
  const update = () =>
    give({ type: 'UpdateProfile', commandId: randomUUID(), ...ADA, inputHash: '0x12', at: AT });
  const erase = (reason = 'Asked by letter') =>
    eraseUser(store, {
      address: ADDRESS,
      reason,
      requestedBy: 'operator:grace',
      commandId: randomUUID(),
      at: AT,
    });
  const shown = async (history = false): Promise<string> => {
    const lines: string[] = [];
    for await (const line of describeUser(store, userStream(ADDRESS), history)) lines.push(line);
    return lines.join('\n');
  };

  it('shows a person, and on demand everything that happened', async () => {
    expect(await shown()).toBe('Nobody signed in with this address.');
    await signIn();
    expect(await shown()).toMatch(/REGISTERED, registration 1\nno profile$/);
    await update();
    expect(await shown()).toMatch(/"displayName":"Ada"/);
    expect((await shown(true)).split('\n')).toHaveLength(5);
  });

  it('erases once, telling who was first', async () => {
    await signIn();
    await update();
    const first = { registration: 1, erasedAt: AT, requestedBy: 'operator:grace', already: false };
    expect(await erase()).toEqual(first);
    expect(await erase('Again')).toEqual({ ...first, already: true });
    expect(await shown()).toMatch(
      /ERASED[^]*by OPERATOR \(operator:grace\); its key is still to be destroyed\nno profile$/,
    );
    await keys.erase(`${ADDRESS.toLowerCase()}/1`);
    await give({ type: 'ConfirmKeyDestroyed', registration: 1, at: AT });
    expect(await shown(true)).toMatch(/"displayName":"\[erased\]"[^]*its key is destroyed/);
  });

  it('says who is what, once each, and takes it back', async () => {
    const change = (type: 'GrantRole' | 'RevokeRole', reason = 'Answers for the market') =>
      changeRole(store, 'operator:grace', { type, address: ADDRESS, role: 'ADMIN', reason, at: AT });
    await expect(change('GrantRole')).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
    await signIn();
    expect(await change('GrantRole')).toEqual({ roles: ['ADMIN'], already: false });
    expect(await change('GrantRole')).toEqual({ roles: ['ADMIN'], already: true });
    expect(await shown(true)).toMatch(/"grantedBy":"operator:grace"[^]*\nroles {2}ADMIN\n/);
    await expect(change('RevokeRole', 'no')).rejects.toMatchObject({ code: 'INVALID_REASON' });
    expect(await change('RevokeRole')).toEqual({ roles: [], already: false });
    await expect(change('RevokeRole')).rejects.toMatchObject({ code: 'ROLE_NOT_HELD' });
    expect(await shown()).not.toContain('roles');
  });

  it('lists a person’s API keys, and ends one or all', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const key = { secretHash: `0x${'ab'.repeat(32)}`, expiresAt: '2026-02-01T12:00:00.000Z', at: AT };
    const create = (keyId: string, scopes: ApiKeyScope[]) =>
      give({ type: 'CreateApiKey', keyId, scopes, ...key });
    const lines = () => apiKeyLines(store, ADDRESS, AT);
    const revoke = (keyId: string | null, reason = 'It was left lying about') =>
      revokeApiKeys(store, { address: ADDRESS, keyId, reason, by: 'operator:grace', at: AT });
    await expect(revoke(first)).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
    await signIn();
    expect(await lines()).toEqual([`${ADDRESS} has no API key that is good`]);
    await create(first, []);
    await create(second, ['COMMANDS']);
    expect(await lines()).toEqual([
      expect.stringMatching(`^${second}  made ${AT}  good until .*  SHARED  COMMANDS$`),
      expect.stringMatching(`^${first}  .*  SHARED  reads$`),
    ]);
    expect((await lines()).join()).not.toContain('abab');
    await expect(revoke('none')).rejects.toMatchObject({ code: 'INVALID_ID' });
    await expect(revoke(first, 'no')).rejects.toMatchObject({ code: 'INVALID_REASON' });
    expect(await revoke(first)).toBe(1);
    expect(await shown(true)).toMatch(/"endedBy":"operator:grace","reason":"It was left lying about"/);
    await expect(revoke(first)).rejects.toMatchObject({ code: 'UNKNOWN_API_KEY' });
    expect([await revoke(null), await revoke(null)]).toEqual([1, 0]);
    expect(await lines()).toHaveLength(1);
  });

  it('erases nobody unknown, and not for a reason that names the person', async () => {
    await expect(erase()).rejects.toMatchObject({ code: 'UNKNOWN_USER' });
    await signIn();
    await expect(erase('see ada@example.org')).rejects.toMatchObject({ code: 'INVALID_REASON' });
    expect(await shown()).toMatch(/REGISTERED/);
  });
});

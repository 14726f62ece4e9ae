import { describe, expect, it } from '@jest/globals';
import { misfit, settingsFor } from './topic-settings.js';

const settingsOf = (copies: number): Map<string, string> =>
  new Map(settingsFor(copies).map(({ name, value }) => [name, value]));
const judged = (copies: number, change: Readonly<Record<string, string>> = {}) => {
  const settings = new Map([...settingsOf(copies), ...Object.entries(change)]);
  return misfit((setting) => settings.get(setting) ?? '', copies);
};

describe('the settings of a topic', () => {
  it.each([1, 2, 3])('are sound as they are made for %i copies', (copies) => {
    expect(judged(copies)).toBeNull();
  });

  it('want two copies in step of three, and one of fewer', () => {
    expect([1, 2, 3].map((copies) => settingsOf(copies).get('min.insync.replicas'))).toEqual(['1', '1', '2']);
  });

  it.each([
    [3, 'min.insync.replicas', '1'],
    [3, 'min.insync.replicas', '4'],
    [1, 'min.insync.replicas', '2'],
    [1, 'cleanup.policy', 'compact'],
    [1, 'cleanup.policy', 'compact,delete'],
    [1, 'retention.ms', '604799999'],
    [1, 'retention.bytes', '1073741824'],
    [1, 'max.message.bytes', '1048588'],
    [1, 'unclean.leader.election.enable', 'true'],
    [1, 'compression.type', 'producer'],
    [1, 'cleanup.policy', ''],
  ])('of %i copies do not hold with %s=%s', (copies, setting, value) => {
    expect(judged(copies, { [setting]: value })).toMatchObject({ setting, value });
  });

  it.each([
    ['retention.ms', '604800000'],
    ['compression.type', 'gzip'],
    ['max.message.bytes', '10000000'],
    ['min.insync.replicas', '3'],
  ])('hold as well with %s=%s', (setting, value) => {
    expect(judged(3, { [setting]: value })).toBeNull();
  });
});

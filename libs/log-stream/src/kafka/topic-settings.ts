import { MESSAGE_BYTES_MAX } from '@abland/kernel';

export const COPIES_MAX = 3;
/** A week: for so long a program that reads may be away. */
const RETENTION_MS_MIN = 7 * 24 * 3600 * 1000;
/** Of a batch of one message of the largest size, with its headers. */
const BATCH_BYTES = MESSAGE_BYTES_MAX + 64 * 1024;

interface Rule {
  readonly setting: string;
  /** With which the topic is made. */
  readonly value: (copies: number) => string;
  /** What else is as good. */
  readonly holds: (value: string, copies: number) => boolean;
  readonly wanted: string;
}

const exactly = (setting: string, value: string): Rule => ({
  ...{ setting, wanted: value },
  value: () => value,
  holds: (found) => found === value,
});
const insync = (copies: number): number => (copies >= COPIES_MAX ? 2 : 1);

/** What must hold lest messages are lost, or come to nobody. Nothing is let go of by age or size: the ingester trims. */
const RULES: readonly Rule[] = [
  exactly('cleanup.policy', 'delete'),
  exactly('unclean.leader.election.enable', 'false'),
  exactly('retention.bytes', '-1'),
  {
    setting: 'retention.ms',
    value: () => '-1',
    holds: (value) => value === '-1' || Number(value) >= RETENTION_MS_MIN,
    wanted: `-1, or ${RETENTION_MS_MIN} at least`,
  },
  {
    setting: 'min.insync.replicas',
    value: (copies) => String(insync(copies)),
    holds: (value, copies) => Number(value) >= insync(copies) && Number(value) <= copies,
    wanted: 'at least 2 of three copies, and no more than there are copies',
  },
  {
    setting: 'max.message.bytes',
    value: () => String(BATCH_BYTES),
    holds: (value) => Number(value) >= BATCH_BYTES,
    wanted: `${BATCH_BYTES} at least`,
  },
  {
    // A stranger's message in a codec that our client lacks would stop every reader at it: the broker decodes them.
    setting: 'compression.type',
    value: () => 'uncompressed',
    holds: (value) => value === 'uncompressed' || value === 'gzip',
    wanted: 'uncompressed or gzip',
  },
];

export const SETTINGS: readonly string[] = RULES.map(({ setting }) => setting);

/** With which a topic of so many copies is made. */
export const settingsFor = (copies: number): { name: string; value: string }[] =>
  RULES.map(({ setting, value }) => ({ name: setting, value: value(copies) }));

export interface Misfit {
  readonly setting: string;
  readonly value: string;
  readonly wanted: string;
}

/** The first setting of a topic that is not as it must be; null where all are. */
export function misfit(valueOf: (setting: string) => string, copies: number): Misfit | null {
  for (const { holds, setting, wanted } of RULES) {
    const value = valueOf(setting);
    if (!holds(value, copies)) return { setting, value, wanted };
  }
  return null;
}

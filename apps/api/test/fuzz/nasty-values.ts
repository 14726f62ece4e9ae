import type { SeededRandom } from '@abland/testing/seeded-random';

/** What has broken parsers, databases and people who render text. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '00',
  '1e18',
  '0x',
  '0x0',
  'null',
  'NaN',
  '9'.repeat(78),
  '9'.repeat(400),
  '1.5',
  '\0',
  'a\0b',
  '\u0007',
  '\n',
  '\ud800',
  'a\udc00b',
  '\u200b',
  '\u202eabc',
  '\u00ad',
  '\ufeff',
  '\u3164',
  '\u{1f9ff}\u{1f9ff}',
  'e\u0301'.repeat(40),
  'İıſK',
  'ﷺ'.repeat(120),
  'x'.repeat(101),
  'x'.repeat(5_000),
  "'; DROP TABLE read_model.tokens; --",
  '%',
  '%_\\',
  '\\',
  '"',
  '${1}',
  '__proto__',
  'constructor',
  'toString',
  '[]',
  '{}',
  'bnVsbA==',
  'eyJrIjpbMV19',
  Buffer.from('["9223372036854775808",null,"x"]').toString('base64url'),
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '2026-01-01T00:00:00+14:00',
  'tomorrow',
  'ipfs://',
  'https://' + 'a'.repeat(300),
  'javascript:alert(1)',
  'a@b.c',
  '00000000-0000-4000-8000-000000000000',
  '0X' + 'A'.repeat(40),
  '0x' + '0'.repeat(40),
  '0x' + 'f'.repeat(40),
  '0x' + 'F'.repeat(40),
  '0x' + '0'.repeat(64),
  '0x' + 'f'.repeat(64),
  '0x' + 'zz'.repeat(32),
  '0x' + '00'.repeat(65),
  '0x' + 'ff'.repeat(65),
  `${2n ** 63n}`,
  `${2n ** 64n}`,
  `${2n ** 112n}`,
  `${2n ** 128n - 1n}`,
  `${2n ** 255n}`,
  `${2n ** 256n - 1n}`,
  `${2n ** 256n}`,
];

const INTEGERS: readonly number[] = [
  0,
  1,
  -1,
  2,
  7,
  20,
  50,
  100,
  101,
  1_000,
  5_000,
  10_001,
  2 ** 31 - 1,
  -(2 ** 31),
];
const NUMBERS: readonly number[] = [...INTEGERS, 0.5, -0, 1e308, 5e-324, Number.MAX_SAFE_INTEGER];

/** Values for one type after the other, half of them of things that are there. */
export class NastyValues {
  /** Texts that answers held: addresses, ids, cursors, hashes. */
  private readonly met: string[] = [];

  constructor(private readonly random: SeededRandom) {}

  text(): string {
    if (this.met.length > 0 && this.random.chance(0.5)) return this.random.pick(this.met);
    const text = this.random.pick(TEXTS);
    return this.random.chance(0.1) ? text + this.random.pick(TEXTS) : text;
  }

  integer(): number {
    return this.random.pick(INTEGERS);
  }

  number(): number {
    return this.random.pick(NUMBERS);
  }

  /** Takes up what an answer holds. */
  learn(answer: unknown): void {
    if (typeof answer === 'string') this.keep(answer);
    else if (typeof answer === 'object' && answer !== null)
      Object.values(answer).forEach((part) => this.learn(part));
  }

  private keep(text: string): void {
    if (text.length > 200 || this.met.includes(text)) return;
    if (this.met.length < 300) this.met.push(text);
    else this.met[this.random.below(this.met.length)] = text;
  }
}

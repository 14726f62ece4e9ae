import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  fromHex,
  parseNote,
  parseSignature,
  type TreeHead,
  verifierKey,
  verifyNote,
} from '@abland/audit-verify';
import { NoteSigner } from '../signing/log-signer.js';
import { FileState } from './served-witness.fixture.js';
import { judge, SmallWitness } from './small-witness.fixture.js';

/** The requests that litewitness, of filippo.io/torchwood, is tested with, in their order, and what C2SP tlog-witness says of each. */
const ORIGIN = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
const LOG = verifierKey(
  ORIGIN,
  'ED25519',
  fromHex('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f'),
);
const [LEAF_1, LEAF_2, LEAF_3, LEAF_4] = [
  'KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'KgMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
];
const [ONE, THREE, FIVE] = [
  {
    body: '1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n',
    line: 'UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=',
  },
  {
    body: '3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n',
    line: 'UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=',
  },
  {
    body: '5\nQrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=\n',
    line: 'UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=',
  },
];
const request = (
  oldSize: number,
  proof: readonly string[],
  { body, line }: typeof ONE,
  origin = ORIGIN,
): string => [`old ${oldSize}`, ...proof, '', `${origin}\n${body}`, `— ${origin} ${line}\n`].join('\n');

const WITNESS = new NoteSigner('example.com/witness', new Uint8Array(32).fill(7), 'COSIGNATURE');
const [FORGED, ELSEWHERE] = [
  { ...THREE, line: THREE.line.replace('6go=', '6gx=') },
  { ...THREE, line: THREE.line.replace('6go=', '6gk=') },
];

describe('the small witness', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-witness-'));
    file = join(folder, 'state.json');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const witness = (): SmallWitness =>
    new SmallWitness(WITNESS, [LOG], new FileState(file), () => 1_679_315_147);

  it('answers what another implementation is tested with, also when it is started anew before each request', async () => {
    for (const [body, status, answer] of [
      [request(0, [], ONE), 200, null],
      [request(1, [LEAF_1, LEAF_2], ELSEWHERE), 403, null],
      [request(1, [LEAF_1, LEAF_2], FORGED), 400, null],
      [request(1, [LEAF_1, LEAF_2], THREE, ORIGIN.replace(/2$/, '3')), 404, null],
      [request(1, [], THREE), 422, null],
      [request(1, [LEAF_1, LEAF_2.replace('AAA=', 'BAA=')], THREE), 422, null],
      [request(4, [LEAF_1, LEAF_2], THREE), 400, null],
      [request(1, [LEAF_1, LEAF_2], THREE), 200, null],
      [request(1, [LEAF_1, '+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=', LEAF_4], FIVE), 409, '3\n'],
      [request(3, [LEAF_2, LEAF_3, 'wgiIFdZfYNv6WU1OllBKsWnLYIS/DBMqt8Uh/S4OukE=', LEAF_4], FIVE), 200, null],
      [request(0, [], FIVE), 409, '5\n'],
      [request(5, [], FIVE), 200, null],
      [request(3, [], THREE), 409, '5\n'],
    ] as const) {
      const answered = await witness().answer(body);
      expect([answered.status, answer ?? answered.body]).toEqual([status, answered.body]);
      if (status !== 200) continue;
      const { text } = parseNote(body.slice(body.indexOf('\n\n') + 2));
      const signatures = [parseSignature(answered.body.trimEnd())];
      expect(verifyNote({ text, signatures }, [WITNESS.key])).toEqual([
        { key: WITNESS.key, cosignedAt: 1_679_315_147 },
      ]);
    }
  });

  it('cosigns one of two that ask it at once, and says the size to the other', async () => {
    await witness().answer(request(0, [], ONE));
    const one = witness();
    const both = [one.answer(request(1, [LEAF_1, LEAF_2], THREE)), one.answer(request(1, [], ONE))];
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 409]);
  });

  it('never goes back, whoever else wrote its state', async () => {
    const stale = new FileState(file);
    const tree = (size: number): TreeHead => ({ size, root: new Uint8Array(32).fill(size) });
    await new FileState(file).keep(ORIGIN, tree(9));
    await expect(stale.keep(ORIGIN, tree(8))).rejects.toThrow('never goes back');
    expect(new FileState(file).known(ORIGIN)).toEqual(tree(9));
  });

  it.each([
    ['no old size', request(0, [], ONE).replace('old 0', 'old')],
    ['an old size with a leading zero', request(0, [], ONE).replace('old 0', 'old 00')],
    ['a short hash', request(0, ['AAAA'], ONE)],
    ['more hashes than a tree is high', request(0, Array<string>(64).fill(LEAF_1), ONE)],
    ['no checkpoint', 'old 0\n\n'],
    ['nothing', ''],
  ])('takes %s for no request', (_what, body) => {
    expect(judge(body, [LOG], () => null)).toEqual({ status: 400 });
  });

  it('wants no proof where it has seen nothing', () => {
    expect(judge(request(0, [LEAF_1], ONE), [LOG], () => null)).toEqual({ status: 422 });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatNote, formatSignature, parseNote, parseSignature, verifyNote } from '@abland/audit-verify';
import { failureClassOf } from '@abland/kernel';
import { LogSigner, NoteSigner } from '../signing/log-signer.js';
import { SERVER_HASHER } from '../tree/server-hasher.js';
import { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.js';
import { ServedWitness } from './served-witness.fixture.js';
import { askWitness, type WitnessAnswer } from './witness-client.js';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const LOG = new LogSigner('example.com/log', [seed(1)]);
const LOG_KEY = new NoteSigner('example.com/log', seed(1)).key;
const WITNESS = new NoteSigner('example.com/w1', seed(2), 'COSIGNATURE');
const IMPOSTOR = new NoteSigner('example.com/w1', seed(3), 'COSIGNATURE');
const OTHER = new NoteSigner('example.com/w2', seed(4), 'COSIGNATURE');
const ROOT = Buffer.from(SERVER_HASHER.leaf(Buffer.from('one')));
const CHECKPOINT = LOG.checkpoint({ size: 1, root: ROOT });
const { text: TEXT } = parseNote(CHECKPOINT);
const ASKED = { oldSize: 0, proof: [], checkpoint: CHECKPOINT };

describe('asking a witness', () => {
  let folder: string;
  let witness: ServedWitness;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-witness-'));
    witness = await ServedWitness.start(WITNESS, [LOG_KEY], join(folder, 'state.json'));
  });
  afterAll(async () => {
    witness.stop();
    await rm(folder, { recursive: true });
  });
  const ask = (answerWithinMs = 60_000): Promise<WitnessAnswer> =>
    askWitness(witness.at, ASKED, { answerWithinMs, signal: new AbortController().signal });
  const answering = async (status: number, body: string): Promise<unknown> => {
    witness.instead = async () => ({ status, body });
    try {
      return await ask();
    } catch (error) {
      return [(error as { readonly code?: string }).code, failureClassOf(error)];
    } finally {
      witness.instead = null;
    }
  };
  const line = (signer: NoteSigner, seconds = 1_679_315_147, text = TEXT): string =>
    formatSignature(signer.cosign(text, seconds));

  it('gets its cosignature of the checkpoint, and a note with it is of both', async () => {
    const answer = await ask();
    const signature = parseSignature(('line' in answer ? answer.line : '').trimEnd());
    const note = formatNote({ text: TEXT, signatures: [...parseNote(CHECKPOINT).signatures, signature] });
    expect(verifyNote(parseNote(note), [LOG_KEY, WITNESS.key])).toHaveLength(2);
  });

  it('learns which tree it has', async () => {
    expect(await answering(409, '7\n')).toEqual({ knownSize: 7 });
  });

  it('takes the line of its key among those of others', async () => {
    const body = `${line(OTHER)}${line(IMPOSTOR)}${line(WITNESS)}`;
    expect(await answering(200, body)).toEqual({ line: line(WITNESS) });
  });

  const wrong = ['WITNESS_ANSWER_WRONG', 'WRONG'];
  const refused = ['WITNESS_REFUSED', 'WRONG'];
  const away = ['WITNESS_AWAY', 'LATER'];
  it.each([
    ['signs with another key in its name', 200, line(IMPOSTOR), wrong],
    ['gives the word of another witness', 200, line(OTHER), wrong],
    ['signs another checkpoint', 200, line(WITNESS, 7, TEXT.replace('\n1\n', '\n2\n')), wrong],
    ['signs wrongly', 200, line(WITNESS).replace(/A/g, 'B'), wrong],
    ['signs as of no time', 200, line(WITNESS, 0), wrong],
    ['gives no line', 200, '', wrong],
    ['does not end its line', 200, line(WITNESS).trimEnd(), wrong],
    ['gives half a line', 200, line(WITNESS).slice(0, 60), wrong],
    ['answers without end', 200, line(WITNESS).repeat(1_000), wrong],
    ['has a size that is none', 409, 'seven\n', wrong],
    ['has a size with a leading zero', 409, '07\n', wrong],
    ['has seen another tree', 422, '', refused],
    ['does not know the log', 404, '', refused],
    ['does not know the key', 403, '', refused],
    ['does not understand', 400, '', refused],
    ['sends elsewhere', 302, '', refused],
    ['is busy', 429, '', away],
    ['has trouble', 503, '', away],
  ])('fails where it %s', async (_what, status, body, expected) => {
    expect(await answering(status, body)).toEqual(expected);
  });

  it('waits no longer than it may', async () => {
    witness.instead = async () => 'HANG';
    await expect(ask(100)).rejects.toMatchObject({ code: 'WITNESS_AWAY', failureClass: 'LATER' });
    witness.instead = null;
  });

  it('fails where it is not there', async () => {
    const limits = { answerWithinMs: 60_000, signal: new AbortController().signal };
    await expect(
      askWitness({ ...witness.at, url: 'http://127.0.0.1:9' }, ASKED, limits),
    ).rejects.toMatchObject({ code: 'WITNESS_AWAY', failureClass: 'LATER' });
  });
});

describe('what a witness is asked with', () => {
  it('is as in C2SP tlog-witness', () => {
    const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
    const read = parseAddCheckpoint(body);
    expect([read.oldSize, read.proof.length]).toEqual([20_852_014, 4]);
    expect(formatAddCheckpoint(read)).toBe(body);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519';
import { toHex, toUtf8 } from '../bytes/bytes.js';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { cosignedMessage, encodeCosignature } from './cosignature.js';
import { formatNote, parseNote, verifyNote } from './signed-note.js';
import { eachByteChanged } from '../bytes/changed.fixture.js';
import { formatVerifierKey, parseVerifierKey, verifierKey } from './verifier-key.js';

/** The example of C2SP signed-note. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE =
  'This is an example message.\n\n' +
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
/** Those of Go's golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const CRYPTOGRAPHY =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

describe('a verifier key', () => {
  it.each([EXAMPLE_KEY, PETER])('of another implementation is read and written as it was: %s', (text) => {
    expect(formatVerifierKey(parseVerifierKey(text))).toBe(text);
  });

  it('is refused with any character changed', () => {
    for (let at = 0; at < EXAMPLE_KEY.length; at += 1) {
      const changed =
        EXAMPLE_KEY.slice(0, at) + (EXAMPLE_KEY[at] === 'B' ? 'C' : 'B') + EXAMPLE_KEY.slice(at + 1);
      expect(() => parseVerifierKey(changed)).toThrow(expect.objectContaining({ fault: 'MALFORMED' }));
    }
  });

  it('has a name without blanks and plus signs', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u0085b', 'a\nb'])
      expect(() => verifierKey(name, 'ED25519', new Uint8Array(32))).toThrow(/blanks/);
  });
});

describe('a signed note', () => {
  it('of another implementation verifies', () => {
    const verified = verifyNote(parseNote(EXAMPLE), [parseVerifierKey(EXAMPLE_KEY)]);
    expect(verified.map(({ key }) => key.name)).toEqual(['example.com/foo']);
    expect(formatNote(parseNote(EXAMPLE))).toBe(EXAMPLE);
  });

  it('with two signatures verifies by either key, and passes over the other', () => {
    const note = parseNote(`${CRYPTOGRAPHY}\n${PETER_LINE}${ENOCH_LINE}`);
    const names = (...keys: readonly string[]) =>
      verifyNote(note, keys.map(parseVerifierKey)).map(({ key }) => key.name);
    expect(names(PETER)).toEqual(['PeterNeumann']);
    expect(names(ENOCH)).toEqual(['EnochRoot']);
    expect(names(PETER, ENOCH)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(names(EXAMPLE_KEY)).toEqual([]);
  });

  it('is no note of anybody with a bit of any byte changed', () => {
    const bytes = toUtf8(EXAMPLE);
    const key = parseVerifierKey(EXAMPLE_KEY);
    for (const changed of eachByteChanged(bytes)) {
      let signers = 0;
      try {
        signers = verifyNote(parseNote(changed), [key]).length;
      } catch (error) {
        expect(error).toMatchObject({ name: 'ProofError' });
      }
      expect(signers).toBe(0);
    }
  });

  it.each([
    ['has no signature', 'text\n'],
    ['has an empty block of signatures', 'text\n\n'],
    ['does not end its last line', EXAMPLE.slice(0, -1)],
    ['has another line among its signatures', `${EXAMPLE}text\n`],
    ['has a control character', EXAMPLE.replace('This', 'Th\ris')],
    ['has a signature of the key id alone', 'text\n\n— name AAAAAA==\n'],
    ['has a signature with loose bits', EXAMPLE.replace('aQM=', 'aQN=')],
    ['has more signatures than anybody reads', `text\n\n${PETER_LINE.repeat(101)}`],
  ])('is malformed where it %s', (_what, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ fault: 'MALFORMED' }));
  });
});

describe('a checkpoint', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

  it('is that of C2SP tlog-checkpoint', () => {
    const read = parseCheckpoint(text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(formatCheckpoint(read)).toBe(text);
    expect(parseCheckpoint(`${text}an extension\n`).extensions).toEqual(['an extension']);
  });

  it.each([
    ['without an end', text.slice(0, -1)],
    ['with an empty origin', text.slice(text.indexOf('\n'))],
    ['with leading zeroes', text.replace('208', '0208')],
    ['with a size beyond what is counted', text.replace('20852163', '9007199254740993')],
    ['with a negative size', text.replace('208', '-208')],
    ['with a short root', text.replace('CsUY', '')],
    ['with an empty line', `${text}\n`],
    ['of two lines', 'example.com\n7\n'],
  ])('is refused %s', (_what, wrong) => {
    expect(() => parseCheckpoint(wrong)).toThrow(expect.objectContaining({ fault: 'MALFORMED' }));
  });
});

describe('a cosignature', () => {
  const seed = new Uint8Array(32).fill(9);
  const witness = verifierKey('witness.example/w1', 'COSIGNATURE', ed25519.getPublicKey(seed));
  const checkpoint: Checkpoint = {
    origin: 'example.com/log',
    size: 7,
    root: new Uint8Array(32),
    extensions: [],
  };
  const text = formatCheckpoint(checkpoint);
  const time = 1_679_315_147;
  const line = {
    name: witness.name,
    keyId: witness.id,
    signature: encodeCosignature(time, ed25519.sign(cosignedMessage(text, time), seed)),
  };

  it('signs the checkpoint behind two lines of its own', () => {
    expect(new TextDecoder().decode(cosignedMessage(text, time))).toBe(
      `cosignature/v1\ntime ${time}\n${text}`,
    );
  });

  it('tells when the witness saw it', () => {
    expect(verifyNote({ text, signatures: [line] }, [witness])).toEqual([{ key: witness, cosignedAt: time }]);
  });

  it('is none of another time or another checkpoint, nor with a bit of any byte changed', () => {
    const forged = (note: string, signature: Uint8Array): void =>
      expect(() => verifyNote({ text: note, signatures: [{ ...line, signature }] }, [witness])).toThrow(
        expect.objectContaining({ name: 'ProofError' }),
      );
    forged(text.replace('\n7\n', '\n8\n'), line.signature);
    for (const changed of eachByteChanged(line.signature)) forged(text, changed);
    forged(text, line.signature.slice(1));
  });

  it('has another key id than a log with the same key and name', () => {
    const log = verifierKey(witness.name, 'ED25519', witness.publicKey);
    expect(toHex(log.id)).not.toBe(toHex(witness.id));
    expect(parseVerifierKey(formatVerifierKey(witness))).toEqual(witness);
  });
});

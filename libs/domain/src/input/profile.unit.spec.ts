import { describe, expect, it } from '@jest/globals';
import { parseAvatarUri, parseBio, parseDisplayName, parseEmail } from './profile.js';

const refused = (code: string, field: string) => expect.objectContaining({ code, field });

describe('a display name', () => {
  it.each([
    'A',
    'Ada Lovelace',
    'Žofie 3',
    '名前',
    '😀'.repeat(50),
    '❤\ufe0f',
    '1\ufe0f\u20e3',
    '🏳\ufe0f\u200d🌈',
    'Nguye\u0302\u0303n',
    '👩‍🚀',
    'می‌خواهم',
    'क्‍ष',
  ])('may be %s', (text) => {
    expect(parseDisplayName(text)).toBe(text);
  });
  it.each([
    '',
    ' Ada',
    'Ada ',
    'A\nB',
    'A\u0007',
    'A\u2028B',
    '\ud800',
    'x'.repeat(51),
    'A\u200bda',
    'A\u200dda',
    '\u200d',
    '\u202eadA',
    '\u3164',
    'A\u00adda',
    '\ufeffAda',
    '\u2800',
    '\u034f',
    '\ufe0f',
    '\u17b4',
    '\u180b',
    '\u{e0100}',
    '\ufffc',
    '\u{1d159}',
    'Ada\ufe0f',
    '😀\ufe0f',
    '字\u{e0100}',
    `A${'\u0301'.repeat(5)}`,
  ])('may not be %j', (text) => {
    expect(() => parseDisplayName(text)).toThrow(refused('INVALID_DISPLAY_NAME', 'displayName'));
  });
});

describe('an e-mail address', () => {
  it.each(['a@b.cd', 'ada.lovelace+x@mail.example.org', "o'brien@example.ie"])('may be %s', (text) => {
    expect(parseEmail(text)).toBe(text);
  });
  it.each([
    'ada',
    '@example.org',
    'ada@',
    'ada@example',
    'ada@@example.org',
    'a da@example.org',
    'ada@-x.org',
    'ada@example.org\n',
    'ada@exämple.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b.'.repeat(130)}org`,
  ])('may not be %j', (text) => {
    expect(() => parseEmail(text)).toThrow(refused('INVALID_EMAIL', 'email'));
  });
});

describe('a bio', () => {
  it.each(['', 'Two\nlines', '字'.repeat(500)])('may be %j', (text) => {
    expect(parseBio(text)).toBe(text);
  });
  it.each(['x'.repeat(501), 'tab\t', 'nul\0', '\udc00', '\u202egnp.exe', 'zero\u200bwidth'])(
    'may not be %j',
    (text) => {
      expect(() => parseBio(text)).toThrow(refused('INVALID_BIO', 'bio'));
    },
  );
});

describe('an avatar', () => {
  it.each(['https://example.org/a.png', 'ipfs://bafybeigdyr/logo.svg'])('may be %s', (text) => {
    expect(parseAvatarUri(text)).toBe(text);
  });
  it.each([
    'http://example.org/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'https://',
    'https://a b',
    `https://${'a'.repeat(512)}`,
  ])('may not be %j', (text) => {
    expect(() => parseAvatarUri(text)).toThrow(refused('INVALID_AVATAR_URI', 'avatarUri'));
  });
});

/**
 * To the first character that no URL may have (RFC 3986): quotes and brackets that it may have are of it, since a key behind
 * them would be shown. URLs of files are in every stack trace and hold no secret.
 */
const URL_IN_TEXT = /\b(?!file:)([a-z][a-z0-9+.-]*):\/\/([^\s"`<>{}|\\^]+)/gi;
/** What may stand behind a URL in a sentence, and says nothing of a secret. */
const PUNCTUATION = /[.,;:!?')]*$/;
/** A host, or several as a cluster has them: what a URL may tell of itself. */
const HOSTS = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)*$/i;

/** A text with another in the place of each URL in it. */
export function replaceUrls(text: string, by: string): string {
  return text.replace(URL_IN_TEXT, (_url, _protocol, rest: string) => `${by}${behind(rest)}`);
}

/**
 * A text as it may be shown: of each URL in it the protocol and the host alone. Passwords are before the host, keys of
 * providers after it, in the path or the query.
 */
export function withoutSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, (_url, protocol: string, rest: string) => {
    const after = behind(rest);
    return `${protocol}://${hostOf(rest.slice(0, rest.length - after.length))}${after}`;
  });
}

const behind = (rest: string): string => PUNCTUATION.exec(rest)?.[0] ?? '';

function hostOf(url: string): string {
  // A password that is not encoded may have slashes: the host is after the last @.
  const at = url.lastIndexOf('@') + 1;
  const [host = ''] = /^[^/?#]*/.exec(url.slice(at)) ?? [];
  if (!HOSTS.test(host)) return '…';
  const left = url.slice(at + host.length);
  return `${host}${left === '' || left === '/' ? left : '/…'}`;
}

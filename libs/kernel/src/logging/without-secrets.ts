/** URLs of files are in every stack trace and hold no secret. */
const URL_IN_TEXT = /\b(?!file:)([a-z][a-z0-9+.-]*):\/\/([^\s"'`<>(){}|\\^]+)/gi;
/** A host, or several as a cluster has them: what a URL may tell of itself. */
const HOSTS = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)*$/i;

/**
 * A text as it may be shown: of each URL in it the protocol and the host alone. Passwords are before the host, keys of
 * providers after it, in the path or the query.
 */
export function withoutSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, (_url, protocol: string, rest: string) => `${protocol}://${hostOf(rest)}`);
}

function hostOf(rest: string): string {
  // A password that is not encoded may have slashes: the host is after the last @.
  const at = rest.lastIndexOf('@') + 1;
  const [host = ''] = /^[^/?#]*/.exec(rest.slice(at)) ?? [];
  const [, punctuation = ''] = /([.,;:!]*)$/.exec(host) ?? [];
  const name = host.slice(0, host.length - punctuation.length);
  if (!HOSTS.test(name)) return '…';
  const left = rest.slice(at + host.length);
  return `${name}${left === '' ? punctuation : left === '/' ? '/' : '/…'}`;
}

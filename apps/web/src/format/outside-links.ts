/** Schemes of links that strangers wrote and that may be followed. What else they write is text. */
const ALLOWED = new Set(['https:']);
const GATEWAYS: Readonly<Record<string, string>> = { 'ipfs:': 'https://ipfs.io/ipfs/' };

export interface OutsideLink {
  readonly href: string;
  /** Of whom it is: shown, so that nobody is led elsewhere than they think. */
  readonly host: string;
}

/** What a text of a stranger's links to; null: nothing that may be followed. */
export function outsideLink(text: string): OutsideLink | null {
  const url = URL.parse(text.trim());
  if (url === null || url.username !== '' || url.password !== '') return null;
  const gateway = GATEWAYS[url.protocol];
  if (gateway !== undefined) {
    const [, path = ''] = /^ipfs:\/\/(.+)$/i.exec(text.trim()) ?? [];
    if (!/^[A-Za-z0-9]+(?:\/[\w./-]*)?$/.test(path) || path.includes('..')) return null;
    return { href: `${gateway}${path}`, host: 'ipfs.io' };
  }
  return ALLOWED.has(url.protocol) ? { href: url.href, host: url.host } : null;
}

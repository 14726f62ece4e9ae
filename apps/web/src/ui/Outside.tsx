import { outsideLink } from '../format/outside-links.js';
import { Icon } from './icons.js';

/** A text of a stranger's that may be a link: followed only where its scheme is allowed, with the host that it leads to beside it. */
export function Outside({ text }: { readonly text: string }) {
  const link = outsideLink(text);
  if (link === null) return <span className="stranger">{text}</span>;
  return (
    <a className="outside" href={link.href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {link.host}
      <Icon name="outside" size={13} />
    </a>
  );
}

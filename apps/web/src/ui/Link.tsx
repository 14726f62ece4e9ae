import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate } from '../browser/router.js';

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  /** A path of the app. */
  readonly to: string;
}

/** Goes to a page of the app without loading it anew; opened in another tab it is a link like any other. */
export function Link({ onClick, to, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
    window.scrollTo(0, 0);
  };
  return <a {...rest} href={to} onClick={follow} />;
}

import type { ComponentChildren } from 'preact';
import { go, href } from '../lib/router.ts';

interface Props {
  to: string;
  search?: string;
  class?: string;
  children: ComponentChildren;
  'aria-current'?: 'page' | undefined;
  'data-row'?: string;
  'data-testid'?: string;
}

/** A real link, so that it opens in a new tab; a plain click stays on the page. */
export function Link({ to, search = '', children, ...rest }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to, search);
  };
  return (
    <a {...rest} href={href(to, search)} onClick={follow}>
      {children}
    </a>
  );
}

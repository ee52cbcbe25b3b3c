import type { Erased, Unreadable } from '../api/types.ts';
import { useNow } from '../lib/time.ts';
import { Notice } from './notice.tsx';
import { Name } from './shown.tsx';
import { Clock } from './time.tsx';

/** A list never says less than there is: what it could not read stands above it. */
export function Missing({ unreadable }: { unreadable: readonly Unreadable[] | undefined }) {
  if (!unreadable || unreadable.length === 0) return null;
  return (
    <Notice tone="bad" testid="unreadable" alert
      title={unreadable.length === 1 ? 'One of them could not be read' : `${unreadable.length} of them could not be read`}>
      {unreadable.map(({ id, why }) => (
        <p key={id}><code><Name text={id} /></code>: <Name text={why} /></p>
      ))}
    </Notice>
  );
}

export function ErasedNotice({ erased }: { erased: Erased | undefined }) {
  const now = useNow();
  if (!erased) return null;
  return (
    <Notice tone="info" title="What was written here was erased" testid="erased">
      <p><Clock at={erased.at} now={now} />{erased.by ? <>, by <Name text={erased.by.name} /></> : ', when its time was over'}. What happened can still be read.</p>
    </Notice>
  );
}

import { go } from '../lib/router.ts';
import { Link } from '../ui/link.tsx';

export function EmptyInbox() {
  return (
    <div class="empty" data-testid="empty">
      <p class="empty-title">Nothing waits for you</p>
      <p>New requirements appear here by themselves.</p>
      <p>
        To send a test request, <Link to="runs">start a run</Link> of an agent that has a tool which needs an approval:
        its first such call lands here.
      </p>
    </div>
  );
}

export function NoMatch({ text }: { text: string }) {
  return (
    <div class="empty" data-testid="no-match">
      <p class="empty-title">No requirement matches</p>
      <p>
        Filter: <code>{text}</code>
      </p>
      <button type="button" class="button small" onClick={() => go('', '', true)} data-testid="clear-filter">
        Clear the filter
      </button>
    </div>
  );
}

export function Skeleton() {
  return (
    <div class="skeleton" role="status" data-testid="loading">
      <span class="sr">Loading</span>
      {[1, 2, 3, 4, 5].map((line) => (
        <div key={line} class="skeleton-row" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}

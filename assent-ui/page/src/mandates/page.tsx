import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Mandate, Page } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { onLive, onReconnect } from '../lib/live.ts';
import { useNow } from '../lib/time.ts';
import { Link } from '../ui/link.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Name, Shown } from '../ui/shown.tsx';
import { Clock } from '../ui/time.tsx';
import { GiveForm } from './give.tsx';
import { KINDS, STANDS } from './wish.ts';

/** Who decides for whom: seen, given and taken back. */
export function MandatesPage() {
  const [open, setOpen] = useState(true);
  const [page, setPage] = useState<Page<Mandate> | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const now = useNow();

  const load = async (after?: string) => {
    try {
      const next = await api.mandates({ open: open ? 'true' : undefined, limit: '50', after });
      setPage((before) => after && before ? { ...next, items: [...before.items, ...next.items] } : next);
      setFailure(null);
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  const end = async (mandate: Mandate) => {
    try {
      await api.endMandate(mandate.id);
      announce('It was taken back: nobody decides by it any more.');
      await load();
    } catch (error) {
      setFailure(error as Failure);
    }
  };
  useEffect(() => {
    setPage(null);
    void load();
    const stops = [onReconnect(() => void load()), onLive((event) => { if (event.kind === 'mandate') void load(); })];
    return () => stops.forEach((stop) => stop());
  }, [open]);

  return (
    <div class="column wide">
      <h1 tabIndex={-1} data-page-title>Mandates</h1>
      <p class="muted">Who decides with the authority of somebody else, and who broke the glass.</p>
      <GiveForm given={() => void load()} />
      <label class="check">
        <input type="checkbox" checked={!open} data-testid="mandates-all" onChange={(event) => setOpen(!event.currentTarget.checked)} />
        {' '}also those that are over
      </label>
      {failure && <FailureNotice failure={failure} what="Could not do that" retry={() => void load()} />}
      {!page && !failure && <p class="muted" role="status">Loading…</p>}
      {page?.items.length === 0 && <p class="muted" data-testid="no-mandates">None.</p>}
      {page && page.items.length > 0 && (
        <ul class="records" data-testid="mandates">
          {page.items.map((mandate) => <Row key={mandate.id} mandate={mandate} now={now} end={() => void end(mandate)} />)}
        </ul>
      )}
      {page?.next && (
        <div class="more">
          <button type="button" class="button small" onClick={() => void load(page.next ?? undefined)} data-testid="load-more">
            Load more
          </button>
        </div>
      )}
    </div>
  );
}

function Row({ mandate, now, end }: { mandate: Mandate; now: number; end: () => void }) {
  const { kind, status, giver, holder, begins, ends } = mandate;
  if (mandate.problem !== null || !kind || !status || !giver || !holder || !begins || !ends) {
    return (
      <li class="record" data-testid="mandate" data-id={mandate.id}>
        <p class="bar-note stopped">Nobody decides by this mandate ({mandate.problem}).</p>
      </li>
    );
  }
  return (
    <li class="record" data-testid="mandate" data-id={mandate.id} data-status={status}>
      <p>
        <strong><Name text={holder.name} /></strong>
        {kind === 'BREAK_GLASS' ? ' decides alone, by break-glass' : <> decides with the authority of <strong><Name text={giver.name} /></strong></>}
        {mandate.reason && <>: <Shown text={mandate.reason} /></>}
      </p>
      <p class="muted">
        {KINDS[kind]} · {STANDS[status]} · <Clock at={begins} now={now} /> to <Clock at={ends} now={now} />
        {' · '}{mandate.tools.length === 0 ? 'all tools' : mandate.tools.map((tool, index) => <span key={tool}>{index > 0 && ', '}<Name text={tool} /></span>)}
        {mandate.highest && mandate.highest !== 'HIGH' && <> up to {mandate.highest.toLowerCase()} risk</>}
        {mandate.givenBy && mandate.givenBy.id !== giver.id && <>{' · set up by '}<Name text={mandate.givenBy.name} /></>}
        {mandate.endedBy && <>{' · by '}<Name text={mandate.endedBy.name} /></>}
        {mandate.requirement && <>{' · '}<Link to={`requirements/${encodeURIComponent(mandate.requirement)}`}>only this one</Link></>}
      </p>
      {mandate.mayEnd && status !== 'ENDED' && (
        <button type="button" class="button small" onClick={end} data-testid="end-mandate">Take back</button>
      )}
    </li>
  );
}

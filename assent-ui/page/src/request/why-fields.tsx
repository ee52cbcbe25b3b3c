import type { Store } from '../lib/store.ts';
import { Name } from '../ui/shown.tsx';
import type { Draft } from './drafts.ts';

interface Props {
  codes: readonly string[] | null;
  draft: Draft;
  source: Store<Draft>;
  /** False where the text stands elsewhere. */
  withText?: boolean;
}

/** Asks why, where the rules want to know. */
export function WhyFields({ codes, draft, source, withText = true }: Props) {
  if (codes === null) return null;
  return (
    <>
      {codes.length > 0 && (
        <>
          <label for="reason-code">Reason, asked for by the rules</label>
          <select id="reason-code" value={draft.reasonCode} required data-testid="reason-code"
            onChange={(event) => source.update({ reasonCode: event.currentTarget.value })}>
            <option value="">choose one…</option>
            {codes.map((code) => <option key={code} value={code}><Name text={code} /></option>)}
          </select>
        </>
      )}
      {withText && (
        <>
          <label for="why">{codes.length > 0 ? <>In words <span class="muted">optional</span></> : 'Reason, asked for by the rules'}</label>
          <textarea id="why" rows={2} value={draft.reason} data-testid="why"
            onInput={(event) => source.update({ reason: event.currentTarget.value })} />
        </>
      )}
    </>
  );
}

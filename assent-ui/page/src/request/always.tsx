import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Failure } from '../api/http.ts';
import type { Offer, Requirement } from '../api/types.ts';
import { announce } from '../lib/announce.ts';
import { Name, Shown } from '../ui/shown.tsx';
import { escape, type Common } from './panels.tsx';
import { lacks, wanted, why } from './why.ts';
import { WhyFields } from './why-fields.tsx';
import { argumentsOf, FIRST, scopeOf, type Rule, type Wish } from './scope.ts';

/** What was looked at: only this can be confirmed. */
interface Seen {
  scope: string;
  offer: Offer;
}

/** Approve, and allow calls like it. The server says in words what that is; nothing is given before these were seen. */
export function AlwaysPanel({ shown, draft, source, blocked, guarded, sending, close, send }: Common & {
  shown: Requirement; send: (more: { always: string; reason?: string; reasonCode?: string }) => void;
}) {
  const codes = wanted(shown, 'APPROVE');
  const missing = lacks(codes, draft);
  const [wish, setWish] = useState<Wish>(FIRST);
  const [seen, setSeen] = useState<Seen | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const known = argumentsOf(shown.arguments?.canonical ?? '{}');
  const change = (part: Partial<Wish>) => {
    setWish((before) => ({ ...before, ...part }));
    setSeen(null);
    setWrong(null);
  };
  const rule = (name: string, next: Rule) => change({ rules: { ...wish.rules, [name]: next } });
  const look = async () => {
    const made = scopeOf(wish, Date.now());
    if ('missing' in made) return setWrong(made.missing);
    try {
      const offer = await api.offer(shown.id, made.scope);
      setSeen({ scope: made.scope, offer });
      setWrong(null);
      announce('This is what it would allow. Read it before you confirm.');
    } catch (error) {
      setSeen(null);
      setWrong((error as Failure).message);
    }
  };
  return (
    <form class="panel always" aria-label="Always" onKeyDown={escape(close)} onSubmit={(event) => {
      event.preventDefault();
      if (!seen) return void look();
      const always = `{"scope":${seen.scope},"confirmed":${JSON.stringify(seen.offer.digest)}}`;
      if (!missing) guarded.press(event, () => send({ always, ...(codes ? why(codes, draft) : {}) }));
    }}>
      <label for="always-reach">Approve, and do not ask again</label>
      <select id="always-reach" value={wish.reach} data-testid="always-reach"
        onChange={(event) => change({ reach: event.currentTarget.value as Wish['reach'] })}>
        <option value="RUN">in this run</option>
        <option value="SESSION">in this session</option>
        <option value="AGENT">in any run of this agent</option>
      </select>
      <label for="always-arguments">for calls</label>
      <select id="always-arguments" value={wish.arguments} data-testid="always-arguments"
        onChange={(event) => change({ arguments: event.currentTarget.value as Wish['arguments'] })}>
        <option value="exact">with exactly these arguments</option>
        <option value="matching">like this one…</option>
        <option value="any">with any arguments</option>
      </select>
      {wish.arguments === 'matching' && known.map(({ name, number, text }) => {
        const now = wish.rules[name] ?? { kind: 'same' };
        return (
          <div key={name} class="always-rule">
            <label for={`always-${name}`}><Name text={name} /></label>
            <select id={`always-${name}`} value={now.kind} data-testid={`always-rule-${name}`}
              onChange={(event) => {
                const kind = event.currentTarget.value as Rule['kind'];
                rule(name, kind === 'most' || kind === 'like' ? { kind, value: '' } : { kind });
              }}>
              <option value="same">the same as now</option>
              {number && <option value="most">a number of at most</option>}
              {text && <option value="like">a text like (* is any)</option>}
              <option value="anything">anything</option>
            </select>
            {(now.kind === 'most' || now.kind === 'like') && (
              <input aria-label={`${name}: ${now.kind === 'most' ? 'at most' : 'like'}`} value={now.value} autocomplete="off"
                spellcheck={false} data-testid={`always-value-${name}`}
                onInput={(event) => rule(name, { kind: now.kind, value: event.currentTarget.value })} />
            )}
          </div>
        );
      })}
      <label for="always-hours">for so many hours</label>
      <input id="always-hours" inputMode="decimal" value={wish.hours} data-testid="always-hours" autocomplete="off"
        onInput={(event) => change({ hours: event.currentTarget.value })} />
      <label for="always-uses">so many times <span class="muted">optional</span></label>
      <input id="always-uses" inputMode="numeric" value={wish.uses} data-testid="always-uses" autocomplete="off"
        onInput={(event) => change({ uses: event.currentTarget.value })} />
      {wish.arguments !== 'exact' && known.some(({ number }) => number) && (
        <>
          <label for="always-budget">up to a sum of <span class="muted">optional</span></label>
          <select id="always-budget" value={wish.budgetOf} data-testid="always-budget"
            onChange={(event) => change({ budgetOf: event.currentTarget.value })}>
            <option value="">nothing</option>
            {known.filter(({ number }) => number).map(({ name }) => <option key={name} value={name}>{name}</option>)}
          </select>
          {wish.budgetOf !== '' && (
            <>
              <label for="always-most">at most</label>
              <input id="always-most" value={wish.budgetMost} data-testid="always-most" autocomplete="off"
                onInput={(event) => change({ budgetMost: event.currentTarget.value })} />
              <label for="always-window">in so many hours</label>
              <input id="always-window" value={wish.budgetHours} data-testid="always-window" autocomplete="off"
                onInput={(event) => change({ budgetHours: event.currentTarget.value })} />
            </>
          )}
        </>
      )}
      {seen && <p class="always-text" data-testid="always-text"><Shown text={seen.offer.text} /></p>}
      {seen && <WhyFields {...{ codes, draft, source }} />}
      {wrong && <p class="bar-note stopped" role="alert" data-testid="always-wrong">{wrong}</p>}
      <div class="panel-buttons">
        <button type="submit" class="button primary" aria-disabled={blocked || (seen !== null && missing)} data-testid={seen ? 'confirm-always' : 'look-always'}>
          {sending ? 'Sending…' : seen ? 'Approve and allow this' : 'Show what it allows'}
        </button>
        <button type="button" class="button plain" onClick={close} data-testid="cancel-panel">Cancel</button>
      </div>
    </form>
  );
}

import { useRef, useState } from 'preact/hooks';
import { session } from '../account/session.ts';
import type { More, Requirement, Verdict } from '../api/types.ts';
import { write } from '../lib/json.ts';
import { useKeys } from '../lib/keys.ts';
import { useStore } from '../lib/store.ts';
import { answerOf } from './answer.ts';
import { actionsOf, type Action } from './actions.ts';
import { clearDraft, draftOf, type Draft, type Panel } from './drafts.ts';
import { editOf, editorText } from './edit.tsx';
import type { Guarded } from './guarded.ts';
import type { CardModel } from './model.ts';
import { OpenPanel } from './open-panel.tsx';
import { wanted } from './why.ts';

interface Props {
  model: CardModel;
  shown: Requirement;
  guarded: Guarded;
  /** Why nobody here can decide now; null when they can. */
  frozen: string | null;
  /** What is shown is not what is stored. */
  stopped: boolean;
  /** How many long values were not opened yet. */
  unread: number;
  /** Something is hidden, and approving needs it. */
  hidden: boolean;
  /** What was hidden is on the screen: nothing that begins with it is kept in the browser. */
  sensitive: boolean;
  sending: Verdict | null;
}

const MOST_AT_ONCE = 3;

export function DecisionBar({ model, shown, guarded, frozen, stopped, unread, hidden, sensitive, sending }: Props) {
  const source = draftOf(shown.id);
  const draft = useStore(source);
  const profile = useStore(session);
  const solo = profile.phase === 'in' && profile.me.profile === 'SOLO';
  const off = frozen !== null || sending !== null;
  const blocked = off || guarded.quiet;
  const needsTyping = shown.risk === 'HIGH';
  const asksWhy = wanted(shown, 'APPROVE') !== null;
  const bar = useRef<HTMLDivElement>(null);
  const alike = shown.alike ?? [];
  const [together, setTogether] = useState(false);
  const [more, setMore] = useState(false);

  const open = (panel: Panel) => {
    if (off) return;
    const fresh = panel === 'edit' && (draft.editedVersion !== shown.version || draft.value === '');
    const begins: Partial<Draft> = fresh ? { value: editorText(shown), editedVersion: shown.version }
      : panel === 'replace' && draft.value === '' ? { value: shown.review?.text ?? '' } : {};
    source.update({ panel, sensitive, ...begins });
  };
  const close = () => {
    const opener = draft.panel;
    // A panel that is shut keeps its reason, but not the value: the next panel is about something else.
    source.update({ panel: null, value: '', editedVersion: 0, typed: '', reasonCode: '' });
    requestAnimationFrame(() => bar.current?.querySelector<HTMLElement>(`[data-testid="${opener}"]`)?.focus());
  };
  const send = async (verdict: Verdict, more: More = {}) => {
    if (off) return;
    const also = together && (verdict === 'APPROVE' || verdict === 'REJECT')
      ? { also: alike.map(({ id, version, digest }) => ({ id, version, digest })) } : {};
    const accepted = await model.decide(verdict, { ...more, ...also });
    if (!accepted) return;
    clearDraft(shown.id);
    document.querySelector<HTMLElement>('[data-outcome]')?.focus();
  };
  const answer = () => {
    if (!shown.form) return;
    const { json, errors } = answerOf(shown.form, draft);
    if (Object.keys(errors).length === 0) return void send('ANSWER', { value: write(json) });
    source.update({ tried: true });
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('[data-testid=answer-form] :is([aria-invalid=true] input, input[aria-invalid=true], textarea[aria-invalid=true], select[aria-invalid=true])')?.focus());
  };
  const act = (action: Action) => {
    if (off) return;
    if (action.needsAll && (unread > 0 || hidden)) return;
    if (action.verdict === 'APPROVE' && (needsTyping || asksWhy)) return open('approve');
    if (action.panel) return open(action.panel);
    if (action.verdict === 'ANSWER' && action.value === undefined) return answer();
    if (action.verdict) void send(action.verdict, action.value === undefined ? {} : { value: action.value });
  };

  const actions = actionsOf(shown);
  // On a phone only these stand there at once, where there are many.
  const main = actions.length > MOST_AT_ONCE ? actions.filter((action) => action.main) : actions;
  const rest = actions.filter((action) => !main.includes(action));
  const button = (action: Action) => (
    <button key={action.testid} type="button" class={`button ${action === actions[0] ? 'primary' : 'plain'}`} data-testid={action.testid}
      aria-disabled={blocked || (action.needsAll === true && (unread > 0 || hidden))}
      onClick={(event) => guarded.press(event, () => act(action))}>
      {sending !== null && sending === action.verdict ? 'Sending…'
        : action.verdict === 'APPROVE' && (needsTyping || asksWhy) ? `${action.label}…` : action.label}
    </button>
  );
  const keys = Object.fromEntries(actions.filter(({ key }) => key)
    .map((action) => [action.key, (event: KeyboardEvent) => guarded.press(event, () => act(action))]));
  useKeys(frozen || draft.panel ? {} : keys);

  const edit = draft.panel === 'edit' ? editOf(shown, draft) : null;
  return (
    <div ref={bar} class={`bar${guarded.quiet ? ' quiet' : ''}`} role="group" aria-label="Decision" data-testid="bar"
      data-settled={!guarded.quiet}>
      {frozen && <p class={`bar-note${stopped ? ' stopped' : ''}`} data-testid="frozen">{frozen}</p>}
      {!frozen && unread > 0 && shown.kind === 'APPROVAL' && (
        <p class="bar-note" data-testid="unread">
          Approving needs the whole: {unread === 1 ? 'one long value is' : `${unread} long values are`} not shown yet.
        </p>
      )}
      {!frozen && hidden && shown.kind === 'APPROVAL' && (
        <p class="bar-note" data-testid="hidden-note">Approving needs the whole: something is hidden. Have it shown above.</p>
      )}
      {!frozen && alike.length > 0 && (
        <label class="bar-note" data-testid="alike">
          <input type="checkbox" checked={together} data-testid="together"
            onChange={(event) => setTogether(event.currentTarget.checked)} />{' '}
          The very same is asked {alike.length === 1 ? 'once more' : `${alike.length} times more`}: approve or reject all of them. Each runs.
        </label>
      )}
      {draft.panel ? (
        <OpenPanel {...{ draft, source, blocked, guarded, sending, close, shown, edit, solo }} send={(verdict, more) => void send(verdict, more)} />
      ) : (
        <div class="bar-buttons">
          {main.map(button)}
          {rest.length > 0 && (
            <>
              <button type="button" class="button plain more-actions" aria-expanded={more} aria-controls="rest-of-actions"
                onClick={() => setMore(!more)} data-testid="more-actions">
                {more ? 'Less' : 'More…'}
              </button>
              <div id="rest-of-actions" class={`rest-of-actions${more ? ' shown' : ''}`}>{rest.map(button)}</div>
            </>
          )}
        </div>
      )}
    </div>
  );
}

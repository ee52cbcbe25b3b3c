import { useState } from 'preact/hooks';
import type { Requirement, ShownText } from '../api/types.ts';
import { useStore } from '../lib/store.ts';
import { base } from '../lib/router.ts';
import { segments } from '../lib/text.ts';
import { Name, Shown } from '../ui/shown.tsx';
import { errorsOf, hasFields, rawOf } from './answer.ts';
import { draftOf } from './drafts.ts';
import { Fields } from './form.tsx';
import type { Card } from './model.ts';

/** The question, and the fields of its answer. */
export function Question({ of, card, off }: { of: Requirement; card: Card; off: boolean }) {
  const source = draftOf(of.id);
  const draft = useStore(source);
  const { form } = of;
  if (of.kind !== 'USER_INPUT') return null;
  if (!form) return <p class="muted" data-testid="no-form">What it asked for was erased.</p>;
  const type = (path: string, text: string, secret: boolean) => {
    const { fields, secrets } = source.get();
    source.update(secret ? { secrets: { ...secrets, [path]: text } } : { fields: { ...fields, [path]: text } });
  };
  return (
    <section class="block" aria-labelledby="question-title">
      <h2 id="question-title">{of.status === 'PENDING' ? 'Your answer' : 'The question'}</h2>
      {form.prompt.length > 0 && <div class="words trusted" data-testid="prompt"><Shown text={form.prompt} /></div>}
      {of.status === 'PENDING' && hasFields(of) && (
        <form class="answer-form" noValidate data-testid="answer-form" onSubmit={(event) => event.preventDefault()}>
          <Fields fields={form.fields} alone={form.style !== 'FIELDS'} raw={rawOf(form, draft)} errors={errorsOf(form, draft, card)} disabled={off} onInput={type} />
        </form>
      )}
      {form.fallback && <p class="muted small">Declared answer: <Shown text={form.fallback} /></p>}
    </section>
  );
}

/** What waits for a look. Inert: text nodes, whatever it says. */
export function UnderReview({ of }: { of: Requirement }) {
  if (!of.review) return null;
  const { output, round, rounds, ofTheRun } = of.review;
  return (
    <section class="block" aria-labelledby="review-title">
      <div class="block-head">
        <h2 id="review-title">{ofTheRun ? 'The answer' : 'The result'}</h2>
        {rounds !== null && <span class="tag" data-testid="round">Round {round} of {rounds}</span>}
      </div>
      <div class="words" data-testid="under-review"><Shown text={output} /></div>
      <p class="muted small">Shown as plain text. It does not count before somebody accepts it.</p>
    </section>
  );
}

/** What the call would do, as its tool found out. Inert: text nodes, whatever it says. */
export function Preview({ of }: { of: Requirement }) {
  if (!of.pinned?.preview) return null;
  return (
    <section class="block" aria-labelledby="preview-title">
      <h2 id="preview-title">What it would do</h2>
      <div class="words" data-testid="preview"><Shown text={of.pinned.preview} /></div>
    </section>
  );
}

/** Documents that an approval covers. They are saved, never shown: what they hold is hostile. */
export function Attachments({ of }: { of: Requirement }) {
  const attachments = of.pinned?.attachments ?? [];
  if (attachments.length === 0) return null;
  return (
    <section class="block" aria-labelledby="attachments-title">
      <h2 id="attachments-title">Attached</h2>
      <ul class="decisions" data-testid="attachments">
        {attachments.map(({ number, name, mediaType, size, sha256, access }) => (
          <li key={number} data-testid="attachment" data-access={access}>
            <p>
              {access === 'NONE'
                ? <Shown text={name} />
                : <a href={`${base}api/v1/requirements/${encodeURIComponent(of.id)}/attachments/${number}`} download data-testid="save-attachment"><Shown text={name} /></a>}{' '}
              <span class="muted"><Name text={mediaType} />, {size} bytes</span>
            </p>
            <p class="muted small">SHA-256 <code><Name text={sha256} /></code></p>
            {access === 'REDACTED' && <p class="muted small">Saved with its secrets hidden, until they are revealed to you.</p>}
            {access === 'NONE' && <p class="muted small">To be saved by who may decide, once what is hidden is revealed to them.</p>}
          </li>
        ))}
      </ul>
      <p class="muted small">An approval covers these bytes; they are looked at again just before the call runs.</p>
    </section>
  );
}

/** What somebody has to do outside. */
export function Outside({ of }: { of: Requirement }) {
  if (!of.external) return null;
  const { instructions, takenBy } = of.external;
  return (
    <section class="block" aria-labelledby="outside-title">
      <div class="block-head">
        <h2 id="outside-title">To be executed outside</h2>
        {of.arguments && <Copy text={of.arguments.canonical} what="Copy the arguments" />}
      </div>
      {instructions.length > 0
        ? <div class="words trusted" data-testid="instructions"><Shown text={instructions} /></div>
        : <p class="muted">The call below is carried out by hand or by another program; the agent gets the result you bring.</p>}
      {takenBy && <p data-testid="taken-by">Taken by <strong><Name text={takenBy.name} /></strong></p>}
    </section>
  );
}

/** Exactly what is stored. Only where the browser lets a page copy. */
function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState('');
  if (!navigator.clipboard) return null;
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied('Copied'), () => setCopied('The browser did not copy it'));
  return (
    <span class="copy">
      <span role="status" class="muted small">{copied}</span>
      <button type="button" class="button small" onClick={() => void copy()} data-testid="copy">{what}</button>
    </span>
  );
}

/** What people made of the arguments that the agent wrote. */
export function Edited({ of }: { of: Requirement }) {
  if (!of.edit) return null;
  const { by, changes } = of.edit;
  return (
    <section class="block" aria-labelledby="edited-title">
      <h2 id="edited-title">
        Changed{by && <> by <Name text={by.name} /></>}, from what the agent wrote
      </h2>
      <Diff changes={changes} testid="edited" />
    </section>
  );
}

export interface Difference {
  path: string;
  before: ShownText | null;
  after: ShownText | null;
}

export function Diff({ changes, testid }: { changes: Difference[]; testid: string }) {
  if (changes.length === 0) return <p class="muted" data-testid={testid}>Nothing is different.</p>;
  return (
    <dl class="diff" data-testid={testid}>
      {changes.map(({ path, before, after }) => (
        <div key={path} class="change" data-testid="change" data-path={path}>
          <dt><Shown text={segments(path || 'all of it')} /></dt>
          {before && <dd class="before"><span class="sr">before: </span><del><Shown text={before} /></del></dd>}
          {after && <dd class="after"><span class="sr">now: </span><ins><Shown text={after} /></ins></dd>}
        </div>
      ))}
    </dl>
  );
}

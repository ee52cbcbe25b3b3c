import { useState } from 'preact/hooks';
import type { Arguments, Field } from '../api/types.ts';
import { hiddenIn, segments } from '../lib/text.ts';
import { Notice } from '../ui/notice.tsx';
import { Shown } from '../ui/shown.tsx';

/** A value longer than this is opened by hand, and has to be before anybody approves: approving needs the whole. */
export function isLong(field: Field): boolean {
  return field.length !== undefined;
}

/** Line breaks and tabs are ordinary in what people write: they are marked where they stand, and warned of no further. */
const ORDINARY = ['U+0009', 'U+000A'];

/** Of names and values, not of the canonical form: JSON writes control characters as escapes, where they look harmless. */
function suspicious({ fields }: Arguments) {
  const found = hiddenIn(fields.flatMap((field) => [segments(field.path), field.shown]));
  return found.filter(({ code }) => !ORDINARY.includes(code));
}

interface Props {
  value: Arguments;
  opened: ReadonlySet<string>;
  onOpen: (path: string) => void;
  /** What is hidden can be shown; null when nothing is, or not to this person. */
  reveal: (() => void) | null;
  revealing: boolean;
  /** What was hidden is shown. */
  revealed: boolean;
}

export function ArgumentsView({ value, opened, onOpen, reveal, revealing, revealed }: Props) {
  const [form, setForm] = useState<'fields' | 'canonical'>('fields');
  const hidden = suspicious(value);
  return (
    <section class="block" aria-labelledby="arguments-title">
      <div class="block-head">
        <h2 id="arguments-title">Arguments</h2>
        <div class="views" role="group" aria-label="Form of the arguments">
          {(['fields', 'canonical'] as const).map((name) => (
            <button key={name} type="button" class="view" aria-pressed={form === name} onClick={() => setForm(name)}
              data-testid={`arguments-${name}`}>
              {name === 'fields' ? 'Fields' : 'Canonical'}
            </button>
          ))}
        </div>
      </div>
      {hidden.length > 0 && (
        <Notice tone="warn" title="Hidden characters" testid="hidden-warning">
          <p>
            {hidden.map(({ code, name, count }) => `${code} ${name}${count > 1 ? ` (${count} times)` : ''}`).join(', ')}.
            They are shown where they stand.
          </p>
        </Notice>
      )}
      {revealed && <p class="muted small" data-testid="revealed">What was hidden is shown. That you saw it is written down.</p>}
      {reveal && (
        <p class="secrets">
          <span>Something is hidden here. That you are shown it is written down.</span>
          <button type="button" class="button small" aria-disabled={revealing} onClick={() => !revealing && reveal()} data-testid="reveal">
            {revealing ? 'Asking…' : 'Show what is hidden'}
          </button>
        </p>
      )}
      {form === 'canonical' ? (
        <pre class="raw" data-testid="canonical" tabIndex={0} aria-label="Canonical form, exactly what runs">
          <Shown text={value.shown} />
        </pre>
      ) : value.fields.length === 0 ? (
        <p class="muted" data-testid="no-arguments">The call has no arguments.</p>
      ) : (
        <dl class="fields" data-testid="fields">
          {value.fields.map((field) => (
            <FieldRow key={field.path} field={field} open={opened.has(field.path)} onOpen={onOpen} />
          ))}
        </dl>
      )}
    </section>
  );
}

function FieldRow({ field, open, onOpen }: { field: Field; open: boolean; onOpen: (path: string) => void }) {
  const long = isLong(field);
  return (
    <div class="field" data-testid="field" data-path={field.path}>
      <dt>
        <PathName path={field.path} name={field.name} />
        <span class="type">{field.type}</span>
      </dt>
      <dd>
        <div class={`value${long && !open ? ' folded' : ''}`}>
          <Shown text={field.shown} />
          {field.shown.length === 0 && <span class="muted">empty</span>}
        </div>
        {long && (
          <p class="long">
            {field.length?.toLocaleString('en')} characters
            {open ? ', all shown' : (
              <button type="button" class="button small" onClick={() => onOpen(field.path)} data-testid="show-whole">
                Show the whole value
              </button>
            )}
          </p>
        )}
      </dd>
    </div>
  );
}

/** `/items/0/sku` → items › 0 › sku */
function PathName({ path, name }: { path: string; name: string }) {
  const steps = path.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (steps.length < 2) return <Shown text={segments(steps[0] ?? name)} />;
  return (
    <span>
      {steps.map((step, index) => (
        <span key={index}>
          {index > 0 && <span class="path-step" aria-hidden="true"> › </span>}
          <Shown text={segments(step)} />
        </span>
      ))}
    </span>
  );
}

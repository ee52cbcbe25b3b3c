import { useEffect, useRef } from 'preact/hooks';
import type { Requirement } from '../api/types.ts';
import { changes, parse, patch, write, type Change, type Json } from '../lib/json.ts';
import { useStore } from '../lib/store.ts';
import { segments } from '../lib/text.ts';
import type { Draft } from './drafts.ts';
import { draftOf } from './drafts.ts';
import { foundWrong } from './answer.ts';
import type { Card } from './model.ts';
import { Diff } from './sections.tsx';

/** Where an edit begins: the stored arguments, what nobody would see in them written as escapes. */
export function editorText(of: Requirement): string {
  return write(parse(of.arguments?.canonical ?? '{}'), '  ');
}

export interface Edit {
  found: Change[];
  /** RFC 6902 as text; absent while there is nothing to send. */
  patch: string | null;
  wrong: string | null;
}

export function editOf(of: Requirement, draft: Draft): Edit {
  let after: Json;
  try {
    after = parse(draft.value);
  } catch (error) {
    return { found: [], patch: null, wrong: (error as Error).message };
  }
  if (!(after instanceof Map)) return { found: [], patch: null, wrong: 'Arguments are an object, such as {"name": "value"}' };
  const found = changes(parse(of.arguments?.canonical ?? '{}'), after);
  return { found, patch: found.length > 0 ? patch(found) : null, wrong: null };
}

/** The arguments as JSON, and below what sending it would change. */
export function Editor({ of, card }: { of: Requirement; card: Card }) {
  const source = draftOf(of.id);
  const draft = useStore(source);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const { found, wrong } = editOf(of, draft);
  const server = Object.entries(foundWrong(card));
  const words = (json: Json | undefined) =>
    json === undefined ? null : segments(typeof json === 'string' ? json : write(json));
  return (
    <section class="block" aria-labelledby="edit-title" data-testid="editor">
      <h2 id="edit-title">Edit the arguments</h2>
      <label for="edit-value" class="sr">Arguments as JSON</label>
      <textarea id="edit-value" ref={area} class="mono" rows={Math.min(18, draft.value.split('\n').length + 1)} spellcheck={false}
        autocomplete="off" value={draft.value} data-testid="edit-value" aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? 'edit-wrong' : undefined}
        onInput={(event) => source.update({ value: event.currentTarget.value })} />
      {wrong && <p class="field-error" id="edit-wrong" data-testid="edit-wrong">{wrong}.</p>}
      {server.map(([path, message]) => (
        <p key={path} class="field-error" data-testid="edit-error">{path}: {message}</p>
      ))}
      <h3>What you change</h3>
      <Diff testid="edit-diff"
        changes={found.map(({ path, before, after }) => ({ path, before: words(before), after: words(after) }))} />
    </section>
  );
}

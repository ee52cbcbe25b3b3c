import type { ComponentChildren } from 'preact';
import { Problem, type Failure } from '../api/http.ts';
import { segments } from '../lib/text.ts';
import { Shown } from './shown.tsx';

export type Tone = 'info' | 'good' | 'warn' | 'bad';

interface NoticeProps {
  tone: Tone;
  title: ComponentChildren;
  children?: ComponentChildren;
  testid?: string;
  alert?: boolean;
}

export function Notice({ tone, title, children, testid, alert = false }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={alert ? 'alert' : undefined} data-testid={testid}>
      <span class="notice-mark" aria-hidden="true">
        {{ info: 'i', good: '✓', warn: '!', bad: '✕' }[tone]}
      </span>
      <div class="notice-text">
        <p class="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** What went wrong, in the server's words, and what to do about it. */
export function FailureNotice({ failure, what, retry, testid = 'problem' }: {
  failure: Failure; what: string; retry?: () => void; testid?: string;
}) {
  const words = failure instanceof Problem ? [failure.title, failure.detail] : [failure.message];
  const errors = failure instanceof Problem ? listOf(failure.members['errors']) : [];
  return (
    <Notice tone="bad" title={what} testid={testid} alert>
      {words.filter(Boolean).map((word) => (
        <p key={word}>
          <Shown text={segments(word)} />
        </p>
      ))}
      {errors.length > 0 && (
        <ul>
          {errors.map((error) => (
            <li key={error}>
              <Shown text={segments(error)} />
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" class="button small" onClick={retry} data-testid="retry">
          Try again
        </button>
      )}
    </Notice>
  );
}

function listOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => {
    if (typeof entry === 'string') return entry;
    const { path, message } = entry as { path?: unknown; message?: unknown };
    if (typeof message !== 'string') return JSON.stringify(entry);
    return typeof path === 'string' && path !== '' ? `${path}: ${message}` : message;
  });
}

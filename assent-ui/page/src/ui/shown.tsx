import type { ShownText } from '../api/types.ts';
import { nameOfHidden, secretWords, segments } from '../lib/text.ts';

/** Text of a model or a person: text nodes only, hidden characters as badges, secrets as words of ours. */
export function Shown({ text }: { text: ShownText }) {
  return (
    <bdi>
      {text.map((part, index) =>
        'secret' in part ? (
          <span key={index} class="secret" data-testid="secret">[{secretWords(part)}]</span>
        ) : 'hidden' in part ? (
          <span key={index} class="hidden-char" title={nameOfHidden(part.hidden)} data-testid="hidden-char">
            {part.hidden}
          </span>
        ) : (
          <span key={index}>{part.text}</span>
        ),
      )}
    </bdi>
  );
}

/** A name that came as a plain string: made visible by the same rule. */
export function Name({ text }: { text: string }) {
  return <Shown text={segments(text)} />;
}

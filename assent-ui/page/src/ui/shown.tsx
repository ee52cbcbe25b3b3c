import type { ShownText } from '../api/types.ts';
import { nameOfHidden, segments } from '../lib/text.ts';

/** Text of a model or a person: text nodes only, hidden characters as badges. */
export function Shown({ text }: { text: ShownText }) {
  return (
    <bdi>
      {text.map((part, index) =>
        'hidden' in part ? (
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

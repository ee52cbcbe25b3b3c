import type { Secret, Segment, ShownText } from '../api/types.ts';

// Control, format (bidi, zero-width), unassigned, private and surrogate code points, line separators,
// and what is drawn as nothing: the same idea as the server's SafeText, for names that come as plain strings.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u115F\u1160\u2000-\u200A\u202F\u205F\u2800\u3000\u3164\uFFA0]/u;

export function segments(text: string): ShownText {
  const found: Segment[] = [];
  let plain = '';
  for (const point of text) {
    if (!HIDDEN.test(point)) {
      plain += point;
      continue;
    }
    if (plain) found.push({ text: plain });
    plain = '';
    found.push({ hidden: codeOf(point) });
  }
  if (plain) found.push({ text: plain });
  return found;
}

function codeOf(point: string): string {
  return `U+${(point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** For titles, labels and announcements: the same characters, hidden ones as ⟨U+202E⟩. */
export function plain(text: ShownText | null | undefined): string {
  return (text ?? []).map((part) => ('secret' in part ? `⟨${secretWords(part)}⟩` : 'hidden' in part ? `⟨${part.hidden}⟩` : part.text)).join('');
}

/** AWS access key, 20 characters → what stands in its place. */
export function secretWords({ secret, length, unseen = 0, hidden = [] }: Secret): string {
  const size = `${length.toLocaleString('en')} ${length === 1 ? 'character' : 'characters'}`;
  return `secret: ${secret}, ${size}${unseen > 0 ? `, ${unseen} of them hidden: ${hidden.join(' ')}` : ''}`;
}

export function safe(text: string): string {
  return plain(segments(text));
}

/** Names of the hidden characters people meet in attacks; others show their code only. */
const NAMES: Record<string, string> = {
  'U+0000': 'null', 'U+0007': 'bell', 'U+0008': 'backspace', 'U+0009': 'tab', 'U+000A': 'line feed',
  'U+000D': 'carriage return', 'U+001B': 'escape', 'U+00A0': 'no-break space', 'U+00AD': 'soft hyphen',
  'U+061C': 'Arabic letter mark', 'U+200B': 'zero-width space', 'U+200C': 'zero-width non-joiner',
  'U+200D': 'zero-width joiner', 'U+200E': 'left-to-right mark', 'U+200F': 'right-to-left mark',
  'U+2028': 'line separator', 'U+2029': 'paragraph separator', 'U+202A': 'left-to-right embedding',
  'U+202B': 'right-to-left embedding', 'U+202C': 'pop directional formatting',
  'U+202D': 'left-to-right override', 'U+202E': 'right-to-left override', 'U+2060': 'word joiner',
  'U+2066': 'left-to-right isolate', 'U+2067': 'right-to-left isolate', 'U+2068': 'first strong isolate',
  'U+2069': 'pop directional isolate', 'U+FEFF': 'zero-width no-break space',
};

export function nameOfHidden(code: string): string {
  return NAMES[code] ?? 'hidden character';
}

/** Each different hidden character of some texts with how often it is there. */
export function hiddenIn(texts: readonly ShownText[]): { code: string; name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of text) {
      if ('secret' in part) for (const code of part.hidden ?? []) counts.set(code, (counts.get(code) ?? 0) + 1);
      else if ('hidden' in part) counts.set(part.hidden, (counts.get(part.hidden) ?? 0) + 1);
    }
  }
  return [...counts].map(([code, count]) => ({ code, name: nameOfHidden(code), count }));
}

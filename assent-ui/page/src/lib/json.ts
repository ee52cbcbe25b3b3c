/**
 * JSON that keeps every digit: `JSON.parse` rounds 9007199254740993 to its neighbour (X48). Numbers stay text, members keep
 * their order, and a name stands once.
 */
export class Num {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Json = null | boolean | string | Num | Json[] | Map<string, Json>;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const DEEPEST = 64;

export function isNumber(text: string): boolean {
  NUMBER.lastIndex = 0;
  return NUMBER.exec(text)?.[0] === text;
}

/** Throws a SyntaxError that says where. */
export function parse(text: string): Json {
  let at = 0;
  const skip = () => {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = SPACE.lastIndex;
  };
  const wrong = (what: string): never => {
    const before = text.slice(0, at).split('\n');
    throw new SyntaxError(`${what} in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`);
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  const expect = (mark: string) => {
    skip();
    if (text[at] !== mark) wrong(at >= text.length ? 'The text ends too early' : `“${mark}” is missing`);
    at += 1;
  };
  const next = (): string | undefined => {
    skip();
    return text[at];
  };
  const name = (): string => {
    skip();
    const found = take(STRING);
    return JSON.parse(found ?? wrong('A name in quotes is missing')) as string;
  };
  const object = (depth: number): Json => {
    const members = new Map<string, Json>();
    at += 1;
    if (next() === '}') at += 1;
    else {
      for (;;) {
        const key = name();
        if (members.has(key)) wrong(`“${key}” stands here twice`);
        expect(':');
        members.set(key, value(depth + 1));
        if (next() !== ',') break;
        at += 1;
      }
      expect('}');
    }
    return members;
  };
  const array = (depth: number): Json => {
    const elements: Json[] = [];
    at += 1;
    if (next() === ']') at += 1;
    else {
      for (;;) {
        elements.push(value(depth + 1));
        if (next() !== ',') break;
        at += 1;
      }
      expect(']');
    }
    return elements;
  };
  const value = (depth: number): Json => {
    if (depth > DEEPEST) wrong('It is nested too deep');
    const first = next();
    if (first === '{') return object(depth);
    if (first === '[') return array(depth);
    if (first === '"') return JSON.parse(take(STRING) ?? wrong('This text in quotes is not valid')) as string;
    for (const [word, meant] of [['true', true], ['false', false], ['null', null]] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meant;
      }
    }
    return new Num(take(NUMBER) ?? wrong(first === undefined ? 'The text ends too early' : 'There is no value'));
  };
  const whole = value(0);
  skip();
  if (at < text.length) wrong('Something stands after the end');
  return whole;
}

// What a person would not see in an editor is written as an escape there.
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u115F\u1160\u2000-\u200A\u202F\u205F\u2800\u3000\u3164\uFFA0]/gu;

function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (point) =>
    [...Array(point.length).keys()].map((i) => `\\u${point.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''));
}

/** With `indent` for people, without it for the wire. */
export function write(json: Json, indent = '', inside = ''): string {
  if (json instanceof Num) return json.text;
  if (typeof json === 'string') return quoted(json);
  if (json === null || typeof json === 'boolean') return String(json);
  const items = Array.isArray(json)
    ? json.map((each) => write(each, indent, inside + indent))
    : [...json].map(([key, each]) => `${quoted(key)}:${indent ? ' ' : ''}${write(each, indent, inside + indent)}`);
  const [open, close] = Array.isArray(json) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  if (!indent) return `${open}${items.join(',')}${close}`;
  return `${open}\n${items.map((item) => inside + indent + item).join(',\n')}\n${inside}${close}`;
}

export interface Change {
  path: string;
  before?: Json;
  after?: Json;
}

/** What differs, in an order in which it can be applied. */
export function changes(before: Json, after: Json, path = ''): Change[] {
  if (before instanceof Map && after instanceof Map) {
    return [
      ...[...before].flatMap(([key, value]) => {
        const now = after.get(key);
        const at = `${path}/${step(key)}`;
        return now === undefined ? [{ path: at, before: value }] : changes(value, now, at);
      }),
      ...[...after].filter(([key]) => !before.has(key)).map(([key, value]) => ({ path: `${path}/${step(key)}`, after: value })),
    ];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const both = Math.min(before.length, after.length);
    const same = before.slice(0, both).flatMap((value, i) => changes(value, after[i] as Json, `${path}/${i}`));
    const more = after.slice(both).map((value, i) => ({ path: `${path}/${both + i}`, after: value }));
    const fewer = before.slice(both).map((value, i) => ({ path: `${path}/${both + i}`, before: value })).reverse();
    return [...same, ...more, ...fewer];
  }
  return write(before) === write(after) ? [] : [{ path, before, after }];
}

/** RFC 6902, as text: what it does not name keeps every digit. */
export function patch(found: Change[]): string {
  return write(found.map(({ path, before, after }) => {
    const op = before === undefined ? 'add' : after === undefined ? 'remove' : 'replace';
    const members: [string, Json][] = [['op', op], ['path', path]];
    if (after !== undefined) members.push(['value', after]);
    return new Map(members);
  }));
}

/** RFC 6901. */
export function step(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
